package impact

import (
	"errors"
	"strconv"
	"strings"
)

// amount is a number or a percentage, as Kubernetes writes it: "1" or "25%".
type amount struct {
	value   int
	percent bool
}

var errAmount = errors.New("is neither a number nor a percentage from 0% to 100%")

// maxInstances bounds counts, far above any real one, so that products of two of
// them fit.
const maxInstances = 1 << 20

// parseAmount reads an amount; percentages over 100 and negative numbers are
// errors, since "all and more" is no sensible limit.
func parseAmount(text string) (amount, error) {
	digits, percent := strings.CutSuffix(strings.TrimSpace(text), "%")
	v, err := strconv.Atoi(digits)
	if err != nil || v < 0 || v > maxInstances || percent && v > 100 {
		return amount{}, errAmount
	}
	return amount{v, percent}, nil
}

func (a amount) down(n int) int {
	if a.percent {
		return n * a.value / 100
	}
	return a.value
}

func (a amount) up(n int) int {
	if a.percent {
		return (n*a.value + 99) / 100
	}
	return a.value
}

// rollout is how many instances a rolling update may take away and add, with
// Kubernetes' rounding: unavailable down, surge up. Where both come to nothing,
// one instance is taken away, as Kubernetes does.
func rollout(n int, unavailable, surge amount) (less, more int) {
	less, more = min(unavailable.down(n), n), surge.up(n)
	if less == 0 && more == 0 {
		less = min(1, n)
	}
	return less, more
}

// allowed is how many of n instances a disruption budget lets go at once;
// percentages of both kinds are rounded up.
func allowedByBudget(n int, minAvailable, maxUnavailable string) (int, error) {
	switch {
	case minAvailable != "" && maxUnavailable != "":
		return 0, errors.New("has both min_available and max_unavailable")
	case minAvailable != "":
		a, err := parseAmount(minAvailable)
		if err != nil {
			return 0, errors.New("min_available " + strconv.Quote(minAvailable) + " " + err.Error())
		}
		return max(0, n-a.up(n)), nil
	case maxUnavailable != "":
		a, err := parseAmount(maxUnavailable)
		if err != nil {
			return 0, errors.New("max_unavailable " + strconv.Quote(maxUnavailable) + " " + err.Error())
		}
		return min(n, a.up(n)), nil
	}
	return n, nil
}
