package version

import "testing"

// The short way of a comparison of plain numbers gives what the library gives.
func TestShortComparisonsAreTheLibrarys(t *testing.T) {
	versions := []string{"1", "1.5", "1.5.0", "1.5.2", "v1.6.0", "1.6.0-rc.3", "1.10.0", "01.5.0", "1.5.2-1", "1.5.2+meta", "2"}
	for _, op := range []string{"", "=", "!=", ">", ">=", "<", "<="} {
		for _, number := range []string{"1", "1.5", "1.5.0", "1.6.0", "1.10"} {
			c, err := ParseConstraint(op + " " + number)
			if err != nil {
				t.Fatal(err)
			}
			for _, v := range versions {
				parsed, ok := parseTag(v)
				if !ok {
					t.Fatalf("%s is no version", v)
				}
				got, err := c.Holds(v)
				want, wantErr := c.ask(parsed, v)
				if got != want || (err == nil) != (wantErr == nil) {
					t.Errorf("%s %s %s: %v %v, the library says %v %v", v, op, number, got, err, want, wantErr)
				}
			}
		}
	}
}
