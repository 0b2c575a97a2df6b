// Package bundle splits actions into bundles at the least cost, with proof. It
// knows only integers: what an action is, and what a plane is, its caller knows.
//
// # The problem
//
// A problem has nodes and planes. A node v has work d(v) in seconds and, per plane,
// a level: none, watched or disturbed. A split is a sequence of bundles, non-empty
// sets of nodes that hold each node once. On each plane a bundle has the worst level
// of its nodes; together these are its footprint. It costs
//
//	sitting + sum over its disturbed planes p of fixed(p) + rate(p) * work
//	        + sum over its watched planes p of watch(p) * work
//
// where work is that of all its nodes: a plane that is announced to be disturbed is
// so for the whole sitting. A split costs the sum of its bundles. Wanted is the
// cheapest that meets all constraints, and of those one with the fewest bundles:
//
//	Before a, b    a is in no later bundle than b
//	Rank           nodes of lower rank are in no later bundle than nodes of higher
//	With, Apart    in the same bundle, in different ones
//	Soak a, b      a is in a strictly earlier bundle than b
//	Pin            the node is in the bundle with this ordinal
//
// Two forces pull. Each announcement has its price, so like should be done with like,
// whatever the order of the stages. And work under an announcement costs that
// plane's rate, so unlike should be kept apart:
//
//	order    a1 -> b1 -> a2      a disturbs plane A, b plane B
//	         b2 free
//
//	         | a1 | b1 b2 | a2 |    three sittings, A announced twice
//	         | a1 b1 a2 | b2 |      two, but A suffers b1, and B a1 and a2
//	         | a1 b1 a2 b2 |        one; which is cheapest is a matter of prices
//
// # Why it is hard
//
// It contains the shortest common supersequence problem. Take some words over an
// alphabet and double their letters: x becomes x x'. Make each word a chain of nodes
// with work 1, whose node for a letter disturbs the plane of that letter alone. Let a
// sitting cost 1, announcements nothing, and each rate be more than the number of
// nodes, so that no bundle of an optimal split mixes letters. As neighbours in a word
// differ, no bundle holds two nodes of one word, and the letters of the bundles
// spell a word of which every given one is a subsequence: the cost is its length plus
// a constant. The shortest such word has twice the length of a shortest common
// supersequence of the words before doubling. It is no longer, since that one doubled
// will do; and no shorter, since its plain letters alone are a supersequence of
// the words as they were, and so are its marked ones. Shortest common supersequence is
// NP-hard for two letters already. A relative in the literature is the loading time
// scheduling problem.
//
// Only the sequence of footprints is combinatorial. If it is given, the cheapest
// assignment of nodes to the bundles is a minimum cut: each node becomes a chain
// of arcs, one per bundle, with what the node costs there as capacity, and arcs of
// infinite capacity between the chains keep the order.
//
// # Terms
//
// A color is a footprint that a union of nodes can have (palette.go). The excess of
// node v in a bundle of color P is (rate(P)-rate(v)) * d(v), where rate(P) adds up
// what a second costs at P. What nodes cost at their own rates is paid in any case.
// The search adds up openings and excess, both scaled so that the number of
// bundles can be counted in the last digits: the smallest scaled cost is the
// smallest cost with the fewest bundles.
//
// The search declares the color of a bundle when it opens it, and takes into it only
// what lies within. A bundle that is declared larger than it turns out costs no
// less, because a second disturbed costs no less than one watched (Solve refuses
// prices for which this is not so). Hence the cheapest declared split is the
// cheapest split.
//
// # What can be decided without search
//
// Groups (group.go). Nodes joined by With or by one pin, and circles of Before and
// rank, are in one bundle in any split; they are one node with the union of the
// footprints and the sum of the works. Apart or Soak inside a group cannot be met.
//
// Blocks (split.go). Where everything on one side of the order precedes everything on
// the other, as ranks do, the problem falls into blocks. Of what happened in the blocks
// before, only the color of the open bundle matters.
//
// Five steps rest on moving a node to another bundle. They are stated for nodes
// without Apart and Soak that pins bound in the same way. That a bundle may become
// empty is no harm: it is left out, or kept empty where pins count (see below).
//
//   - Forced take (expand.go). If v waits for nothing that is not done and has no
//     excess in the open bundle, it is taken. Proof: in any continuation move v
//     here. What v waits for is done, what waits for v comes no earlier, v has no
//     excess, and its old bundle gets no dearer by losing it. This also holds for v
//     with Soak, since being earlier only gives room to what soaks behind it, and
//     with Apart when all its partners are done.
//   - Twins (reduce.go). Two nodes of one color with the same nodes before and the
//     same after them may be run together. Proof: move both to the bundle of the
//     one with the lower rate. A bundle that holds a node of the color does not grow.
//   - Series. Two nodes of one color, the second with nothing before it but the first
//     and what is before that, the first with nothing after it but the second and
//     what is after that, may be run together. Proof: as above.
//   - Equals. Of two nodes u, v of one color, all that is before u being before v and
//     all that is after v after u, u may be put before v. Proof: if u is in a later
//     bundle than v, move both to the one with the lower rate. u may go to v's bundle:
//     what is before u is before v, so done; v may go to u's: what is after v is
//     after u, so later. This adds order, by which twins and series appear.
//   - One color twice in a row. Neighbouring bundles of one color are one bundle, a
//     sitting cheaper.
//
// The steps may follow each other: each keeps an optimum, and is applied to the
// problem that the one before it left. The last one needs that nothing at all has
// Apart, Soak or a pin. None of them would hold for nodes in windows of limited
// length, as the bundle that a node moves to gets longer. That is why windows come
// after the split, not into it.
//
// Taking whatever fits, excess or not, is not among them. It is wrong in most
// problems: work taken at a dear rate might have found a cheaper bundle that is
// opened later anyway.
//
// # The search
//
// A state is: blocks done, units done of the current block, color of the open bundle,
// excess paid. From a state one more unit is taken into the open bundle, or a bundle
// of some color is opened; in both cases everything forced is taken with it. States
// that agree in all but the price are one. A* explores them by price plus a lower
// bound of the rest (search.go), and stops when no state is left below the best split:
// that is the proof. There are at most (ideals of the block) * (colors) states
// per block, ideals being the sets of units that can be done, which is exponential in
// the width of the order, and is why the bound matters.
//
// Apart and Soak make the past matter. The state then holds, of the open bundle, the
// nodes that someone still to come must be apart from or soak behind (rules.go).
// With pins it holds the ordinal, up to the last pin, and what is due in a bundle is
// run there whatever it costs.
//
// # Pins
//
// Each pin narrows the bundles that other nodes can be in, along the order (trail.go).
// Where nothing is left for a pinned node, the chain that says so is the conflict.
// Pins also forbid empty bundles: before the last pin each needs a group of its own. That
// is a matching of bundles to intervals: going through the bundles, always the group
// that has to go first takes the next one (place.go). If one gets none, there are some
// bundles that fewer groups can be in, and that is a conflict too. Else the groups
// picked are in order, all others can stay in their first bundles, and there is a
// split. So without Apart it is known at once whether there is one. With Apart the
// question contains the coloring of graphs; it is tried for a part of the effort, and
// the answer may be NotFound.
//
// A split found that way is made better by moving the cuts of a sequence of groups, at
// once to the best (line.go), and single groups (shift.go), in turn.
//
// Up to 14 groups are then solved by their subsets (subsets.go): for each set that is
// done and each number of bundles the least cost, with no argument about moves.
//
// In front of the last pin the moves above might empty a bundle. So the search of more
// groups allows empty bundles there, at the price of the cheapest that some group could
// make of it, under which the moves hold again. Where its optimum has empty bundles, it
// is filled by moving groups and cuts; mostly that costs nothing more, and is the proof.
// Where it does, each group is tried in an empty bundle in turn (pins.go). Of a bundle
// and an empty one before it only the other order is looked at, unless something in it
// cannot be earlier.
//
// # Lower bounds
//
// Three bounds are used, the largest counts; Apart, Soak and the places of pins are left
// out of them, which lowers a bound and keeps it valid. Pins count in one way: up to
// the last one the number of bundles is given, so its sittings are paid in any case.
// With pins there are tables also for free sittings in the blocks up to that of the last
// pin, and their bound plus the sittings that are missing counts if it is larger.
//
// Tables (oracle.go). Let g(I, P) be the least cost from ideal I of a block on, with
// a bundle of color P open, all blocks behind included. Then
//
//	g(I, P) = min( stay(I, P),  min over Q of open(Q) + stay(I, Q) )
//	stay(I, P) = min over units v that fit P of excess(v, P) + g(I + v + forced, P)
//
// and g of a full block is that of the empty next one. The rows of all ideals that
// can be reached are filled in from the last block to the first, where a block has few
// enough. They are then no bound but the answer, and A* walks straight to the goal.
//
// Sketches (relax.go). A block with too many ideals is replaced by a simpler one: all
// order is dropped but that among some kept units, so that the others merge to one
// unit per color. Dropping constraints is a relaxation, so the sketch's table
// bounds the block's. Which units to keep is found by looking at the sketch's best
// split and keeping a pair whose order it breaks. In the middle of a block a merged
// unit may be done in part. Then rows are mixed (bound.go): in each sequence of
// bundles the cost is linear in the work of each unit, and a minimum of linear
// functions is concave, so between two amounts of work it is no less than the line
// through its ends.
//
// Chains (chain.go). The dearest chain of units, each in the best bundle for it, with
// the table of the next block behind it. Only one chain is counted.
//
// Ideal, by comparison, counts each plane's announcement once and nothing for order.
//
// # Where a proof takes too long
//
// The effort is counted in steps, a step being about one state looked at, never in
// time, so the same problem gives the same result on any machine. Problems that small
// tables and a short search do not finish get a good split first: a greedy one
// (rough.go), then one by a beam search through the blocks (sweep.go). Then the tables
// are made as large as the effort allows, and what is left is spent on the proof. If that is
// not found, the result is Bounded, and LowerBound is the smallest bound among the
// states left, which no split can beat.
//
// # What is not promised
//
//   - Which of several optimal splits is returned, beyond that it depends on the
//     problem alone. Naming nodes differently changes ties, not cost or status.
//   - A proof. Real plans of about a hundred actions take some thousand steps of a
//     default of a few hundred thousand; problems without stages and with a dozen
//     footprints are proven up to about 20 nodes, sometimes 30.
//   - That more effort gives a better split: it does nearly always.
//   - Optimality under windows, lanes, or elapsed time. The proof's scope is the split.
//   - More than 512 colors: beyond, some footprints are not tried, and the bound falls
//     back to little more than Ideal. Four planes have at most 81.
//   - A tight bound where pins force a split far from the cheapest, with a bundle of its
//     own for nearly every group.
//   - A split at all where pins and Apart leave few: the status is NotFound then, not
//     Infeasible, which is a proof too.
//
// # Checked by others
//
// The tests compare with all ordered partitions of up to 8 nodes, with every kind of
// constraint. For larger problems testdata/solvers.sh compares with coinor-cbc 2.10.8
// on an integer program and Gecode 6.2 on a MiniZinc model, and fails if an optimum
// differs. The times are those the solvers report, and the median of nine runs here;
// "ratio" is that to the better of the two. On a machine with two cores (AMD EPYC, Go
// 1.26), shared with other work:
//
//	instance               nodes      optimum        here         cbc      gecode     ratio
//	staged/8/0                 8       132652       52 µs     60.0 ms      509 µs        10
//	staged/12/0               12       179010       48 µs    100.0 ms      6.3 ms       130
//	staged/16/0               16       187896       47 µs       1.0 s      1.3 ms        28
//	staged/24/0               24       472296       55 µs      26.6 s      > 30 s    475578
//	wild/7/0                   7       665541       32 µs    150.0 ms     17.4 ms       543
//	wild/9/0                   9       724361       45 µs       2.7 s     67.2 ms      1473
//	wild/11/0                 11       769299       93 µs       4.1 s    655.0 ms      7020
//	bound/8/0                  8       612154       65 µs    230.0 ms      8.5 ms       130
//	bound/10/0                10       671083      502 µs    710.0 ms     16.1 ms        32
//	staged/8/1                 8       240488       25 µs     40.0 ms      1.7 ms        69
//	staged/12/1               12       322842       27 µs    670.0 ms    109.4 ms      3953
//	staged/16/1               16       393218       51 µs       9.9 s    102.4 ms      1985
//	staged/24/1               24       515940       63 µs      > 30 s       2.4 s     37446
//	wild/7/1                   7       391998       20 µs    800.0 ms      9.7 ms       466
//	wild/9/1                   9       426426       29 µs       1.8 s     52.0 ms      1744
//	wild/11/1                 11       478186       51 µs       2.6 s    156.0 ms      3032
//	bound/8/1                  8      1214437       52 µs    130.0 ms      2.6 ms        50
//	bound/10/1                10       910645      141 µs       1.9 s    367.4 ms      2590
//	staged/8/2                 8        81810       15 µs      100 µs      368 µs         7
//	staged/12/2               12       105424       19 µs     30.0 ms      238 µs        12
//	staged/16/2               16       117500       33 µs     10.0 ms      309 µs         9
//	staged/24/2               24       685423      163 µs      > 30 s      > 30 s         -
//	wild/7/2                   7       995413       18 µs    720.0 ms     16.1 ms       867
//	wild/9/2                   9      1093430       95 µs       1.2 s       4.6 s     12871
//	wild/11/2                 11      1343630      276 µs       4.7 s      > 30 s     17154
//	bound/8/2                  8       667843       88 µs    680.0 ms      4.9 ms        56
//	bound/10/2                10       998757      486 µs       1.2 s    619.0 ms      1271
//	staged/8/3                 8        82024       10 µs      100 µs      109 µs        10
//	staged/12/3               12       516097       20 µs    610.0 ms    201.3 ms      9670
//	staged/16/3               16       553342       26 µs       6.9 s    645.7 ms     24328
//	staged/24/3               24       674145       50 µs      > 30 s       3.6 s     70900
//	wild/7/3                   7      1118397       42 µs    670.0 ms      2.8 ms        65
//	wild/9/3                   9      1174949       67 µs       1.9 s     69.9 ms      1032
//	wild/11/3                 11      1355717      294 µs       4.9 s       5.9 s     16537
//	bound/8/3                  8       729159       88 µs    300.0 ms      584 µs         7
//	bound/10/3                10       844321      298 µs       1.0 s    144.3 ms       484
//	median ratio to the better of the two, over 35 instances that one of them proves: 867
//
// staged/n/seed is a stage-ordered problem of n nodes, wild has no stages, bound has all
// kinds of constraints (planner/internal/gen). To repeat it, run testdata/solvers.sh.
//
// Here, without other solvers, in processor time per call of Solve (planner/internal/gen
// makes the problems, bench_test.go has them as benchmarks):
//
//	staged, 30 nodes        0.06 ms   proven
//	staged, 60 nodes        0.3 ms    proven
//	staged, 120 nodes       0.5 ms    proven
//	staged, 240 nodes       2.4 ms    proven
//	staged, 1,000 nodes     17 ms     gap 5.3 % (three seeds: 3.7 to 5.4 %)
//	staged, 10,000 nodes    200 ms    gap 3.4 % (three seeds: 2.2 to 4.0 %)
//	wild, 15 nodes          0.3 ms    proven
//	wild, 20 nodes          12 ms     proven
//	wild, 25 nodes          80 ms     proven
//	wild, 40 nodes          150 ms    gap 1.5 %
//
// Plans of 20 to 130 actions between real releases take 0.03 to 0.6 ms, all proven. With
// one to three pins taken from splits drawn at random, some of them a bundle for nearly
// every action, nearly all are proven; of generated problems of up to 40 nodes two in
// three; the others have a split and a gap. 720
// problems with pins that cannot be met take 0.04 s at most to say so.
//
// Denser order inside large stages is harder: with 24 stages of 400 nodes, two fifths
// of which wait for others, the gap is 16 to 18 %. Solving runs of neighbouring bundles
// again, as a problem of its own, makes it 10 to 13 %; between 100 and 300 nodes that
// gains nothing over more steps for the beam search, so it is not done.
package bundle
