package gen

// Rand is the splitmix64 generator.
type Rand struct{ state uint64 }

// New returns a generator; equal seeds give equal numbers.
func New(seed uint64) *Rand { return &Rand{seed} }

func (r *Rand) next() uint64 {
	r.state += 0x9e3779b97f4a7c15
	z := r.state
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// Intn returns a number from 0 to n-1; n is positive and small, so the bias of
// the remainder does not matter here.
func (r *Rand) Intn(n int) int { return int(r.next() >> 1 % uint64(n)) }
