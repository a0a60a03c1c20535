package provider

import (
	"context"
	"errors"
	"strings"
	"sync"

	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/coalesce"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/httpclient"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/directory/logged"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel"
	"github.com/msp-as-code/terraform-provider-mimecast/internal/tfkit"
)

// isService says whether a location is the URL of a directory service.
func isService(location string) bool {
	return strings.HasPrefix(location, "https://") || strings.HasPrefix(location, "http://")
}

// openService gives the session a directory service. Nothing is sent yet.
func openService(session *tfkit.Session, c config, url, version string) problems {
	var wrong problems
	id, err := setting(c.ClientID, "client_id", "MIMECAST_CLIENT_ID")
	wrong.add("client_id", err)
	secret, err := setting(c.ClientSecret, "client_secret", "MIMECAST_CLIENT_SECRET")
	wrong.add("client_secret", err)
	if role, err := setting(c.ActingAs, "acting_as", "MIMECAST_ACTING_AS"); err != nil || role != "" {
		wrong.add("acting_as", errors.New("acting_as (or MIMECAST_ACTING_AS) is for embedded and PostgreSQL directories. A directory service acts with the role of the credential: remove it, or use another credential"))
	}
	if len(wrong) > 0 {
		return wrong
	}
	client, err := httpclient.New(httpclient.Config{
		URL: url, ClientID: id, ClientSecret: secret,
		UserAgent: "terraform-provider-mimecast/" + version,
	})
	if err != nil {
		wrong.add("directory", err)
		return wrong
	}
	session.Directory = coalesce.New(logged.New(client))
	session.Who = askOnce(client.Actor)
	return nil
}

// askOnce asks until there is an answer and gives that answer from then on.
func askOnce(ask func(context.Context) (rolemodel.Actor, error)) func(context.Context) (rolemodel.Actor, error) {
	var mu sync.Mutex
	var known *rolemodel.Actor
	return func(ctx context.Context) (rolemodel.Actor, error) {
		mu.Lock()
		defer mu.Unlock()
		if known == nil {
			actor, err := ask(ctx)
			if err != nil {
				return rolemodel.Actor{}, err
			}
			known = &actor
		}
		return *known, nil
	}
}
