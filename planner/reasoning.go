package planner

// Reasoning is the version of the rules by which a plan follows from its inputs: a
// number in decimal, which every plan carries. It has to be raised by one with every
// change by which some equal inputs give another plan: another level, order, figure,
// field, or word, in any part but the fields that PlanID leaves out. Data that changes
// (a mapping, a procedure) is an input, and no reason to raise it.
//
// Two plans of equal inputs and equal reasoning are equal; where they are not, one of
// them was changed after it was made. Plans of different reasoning may differ honestly.
// TestReasoning tells when it was forgotten.
const Reasoning = "2"
