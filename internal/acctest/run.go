package acctest

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
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

// Imported returns steps that forget a resource and import it again with a block
// whose other line is target, for example `id = "CUSA00A000"`: that plans an
// update, which declares, and then nothing. The configuration is with and without the resource.
func Imported(address, with, without, target string) []resource.TestStep {
	return []resource.TestStep{
		{Config: without + fmt.Sprintf("\nremoved {\n  from = %s\n  lifecycle {\n    destroy = false\n  }\n}\n", address)},
		{
			Config: with + fmt.Sprintf("\nimport {\n  to = %s\n  %s\n}\n", address, target),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction(address, plancheck.ResourceActionUpdate),
				plancheck.ExpectKnownValue(address, tfjsonpath.New("declared"), knownvalue.Bool(true)),
			}},
		},
		{Config: with, ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}}},
	}
}
