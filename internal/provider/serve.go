package provider

import (
	"bytes"
	"os"
	runtimedebug "runtime/debug"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"
	"github.com/vmihailenco/msgpack/v5"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/externaladmin"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/provider/slim"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/tfkit"
)

// address is where the registry will have the provider.
const address = "registry.terraform.io/msp-as-code/mimecast"

// NewServer returns the provider of the version as Terraform calls it.
func NewServer(version string) tfprotov6.ProviderServer {
	return newServer(&mimecastProvider{version: version})
}

func newServer(p *mimecastProvider) tfprotov6.ProviderServer {
	return slim.Server(providerserver.NewProtocol6(p)(), p.settled)
}

// settled says whether the external admins that Terraform proposes to leave as
// they are need not be planned: they are declared, by nothing else in this plan.
// Nothing that they compute could differ from the state.
func (p *mimecastProvider) settled(req *tfprotov6.PlanResourceChangeRequest) bool {
	session := p.session.Load()
	note := tfkit.NoteIn(req.PriorPrivate)
	id := idIn(req.PriorState.MsgPack)
	if session == nil || note.As == "" || id == "" {
		return false
	}
	switch req.TypeName {
	case "mimecast_external_admin":
		return externaladmin.Settle(session, id, note)
	case "mimecast_external_admins":
		return externaladmin.SettleAll(session, id, note)
	}
	return false
}

// idIn returns the attribute id of a resource's value as Terraform encodes it, a
// map whose keys are strings, or "" if it is not found.
func idIn(encoded []byte) string {
	at := bytes.Index(encoded, []byte("\xa2id")) // The key, a string of two bytes.
	if at < 0 {
		return ""
	}
	var id string
	if err := msgpack.Unmarshal(encoded[at+3:], &id); err != nil {
		return ""
	}
	return id
}

// Serve serves the provider of the version to the Terraform process that
// started this one, until it is told to stop. With debug it prints how to
// attach Terraform to it instead.
func Serve(version string, debug bool) error {
	if err := logOnlyIfRead(); err != nil {
		return err
	}
	if os.Getenv("GOGC") == "" {
		// Collecting later takes less processor time, for which Terraform competes, and
		// more memory: a plan of 1,000 x 10 single grants 97 MB with 400, 73 with 200 and 66 with this.
		runtimedebug.SetGCPercent(150)
	}
	var options []tf6server.ServeOpt
	if debug {
		options = append(options, tf6server.WithManagedDebug())
	}
	p := &mimecastProvider{version: version}
	// The process ends right after Serve: what is not closed now leaves the
	// directory's last writes in a file beside it.
	defer func() {
		if session := p.session.Load(); session != nil {
			session.Close()
		}
	}()
	return tf6server.Serve(address, func() tfprotov6.ProviderServer { return newServer(p) }, options...)
}

// logOnlyIfRead switches the SDK's logs off unless the user asked Terraform for
// logs. The SDK writes all of them at trace level, as JSON, for Terraform to
// parse and drop: about 40% of what the provider does in a plan.
func logOnlyIfRead() error {
	if os.Getenv("TF_LOG") != "" || os.Getenv("TF_LOG_PROVIDER") != "" {
		return nil
	}
	for _, variable := range []string{"TF_LOG_SDK", "TF_LOG_SDK_FRAMEWORK", "TF_LOG_SDK_PROTO"} {
		if os.Getenv(variable) != "" {
			continue
		}
		if err := os.Setenv(variable, "off"); err != nil {
			return err
		}
	}
	return nil
}
