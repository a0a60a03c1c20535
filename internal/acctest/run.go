package acctest

import (
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"
)

// Run runs the steps on the provider under test.
func Run(t *testing.T, steps ...resource.TestStep) {
	t.Helper()
	resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: Factories, Steps: steps})
}

// RunWithIdentity is Run for steps with resource identities, which a CLI below
// 1.12 does not know: it skips there.
func RunWithIdentity(t *testing.T, steps ...resource.TestStep) {
	t.Helper()
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: Factories,
		TerraformVersionChecks:   []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_12_0)},
		Steps:                    steps,
	})
}

// Message returns a pattern for an error that has all the parts in this order,
// whatever is between them and however the CLI wraps its lines.
func Message(parts ...string) *regexp.Regexp {
	patterns := make([]string, len(parts))
	for i, part := range parts {
		words := strings.Fields(part)
		for j, word := range words {
			words[j] = regexp.QuoteMeta(word)
		}
		patterns[i] = strings.Join(words, `[\s│]+`)
	}
	return regexp.MustCompile(strings.Join(patterns, `[\s\S]*`))
}

// RunRefused runs the steps, of which the last one fails with an error that has
// all the messages, in any order.
func RunRefused(t *testing.T, messages []*regexp.Regexp, steps ...resource.TestStep) {
	t.Helper()
	refused := false
	check := func(err error) error {
		refused = true
		for _, message := range messages {
			if !message.MatchString(err.Error()) {
				t.Errorf("no %s in:\n%s", message, err)
			}
		}
		return nil
	}
	resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: Factories, Steps: steps, ErrorCheck: check})
	if !refused {
		t.Error("nothing was refused")
	}
}
