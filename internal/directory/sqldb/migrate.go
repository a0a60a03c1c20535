package sqldb

import (
	"context"
	"crypto/rand"
	"database/sql"
	"embed"
	"io/fs"
	"path"
	"strings"
	"text/template"
	"time"

	"github.com/pressly/goose/v3"
)

//go:embed migrations/*.sql
var migrations embed.FS

// versionTable is not goose's own name for it: a database that another
// program migrates with goose is not taken for a directory.
const versionTable = "mimecast_directory_version"

// migrate brings the schema up to date. Others may be doing so at the same
// time: each migration is one transaction, so who comes second fails, looks
// again and finds it done.
func (db *DB) migrate(ctx context.Context, p *pool, create bool) error {
	schema := p.dialect.schema
	schema.Identity = rand.Text()
	steps, err := steps(schema)
	if err != nil {
		return err
	}
	newest := steps[len(steps)-1].Version
	const attempts = 20
	for attempt := 1; ; attempt++ {
		version, err := db.version(ctx, p)
		switch {
		case err != nil:
			return err
		case version > newest:
			return problemf("The directory %s was written by a newer version of this program (schema %d, and this one knows %d). Upgrade this program; nothing was changed.", db, version, newest)
		case version == newest:
			return nil
		case version == 0 && db.mustExist:
			return problemf("There is no directory %s: the database has none. Correct the URL or path.", db)
		case db.readOnly && version == 0:
			return problemf("The directory %s is empty, and it is open for reading only. Use it once without read_only to set it up.", db)
		case db.readOnly:
			return problemf("The directory %s was written by an older version of this program (schema %d, and this one needs %d), and it is open for reading only. Use it once without read_only to bring it up to date.", db, version, newest)
		case version == 0 && !create:
			return errNone
		}
		if err := up(ctx, p, steps); err == nil {
			continue
		} else if attempt >= attempts || !p.dialect.raced(err) {
			return err
		}
		if err := pause(ctx, attempt, 100*time.Millisecond); err != nil {
			return err
		}
	}
}

// up runs the migrations that are missing.
func up(ctx context.Context, p *pool, steps []*goose.Migration) error {
	runner, err := goose.NewProvider(p.dialect.goose, p.DB, nil, goose.WithGoMigrations(steps...),
		goose.WithDisableGlobalRegistry(true), goose.WithTableName(versionTable), goose.WithLogger(goose.NopLogger()))
	if err != nil {
		return err
	}
	_, err = runner.Up(ctx)
	return err
}

// version returns the schema's version, 0 if there is no schema yet. It writes
// nothing, so that a newer or a foreign database stays as it is.
func (db *DB) version(ctx context.Context, p *pool) (int64, error) {
	// Tables first: the version table comes before them, so if somebody sets the
	// directory up just now, tables that are seen here have their version below.
	var foreign string
	for _, table := range []string{"accounts", "partners", "tenants", "roles", "external_admins", "audit_events"} {
		there, err := p.hasTable(ctx, table)
		if err != nil {
			return 0, err
		}
		if there {
			foreign = table
		}
	}
	ours, err := p.hasTable(ctx, versionTable)
	switch {
	case err != nil:
		return 0, err
	case !ours && foreign != "":
		return 0, problemf("The database %s has a table %q that is another program's. Give the directory a database (or a schema, with search_path) of its own; nothing was changed.", db, foreign)
	case !ours:
		return 0, nil
	}
	var version sql.NullInt64
	err = p.QueryRowContext(ctx, `SELECT max(version_id) FROM `+versionTable).Scan(&version)
	return version.Int64, err
}

func (p *pool) hasTable(ctx context.Context, name string) (bool, error) {
	var n int
	err := p.QueryRowContext(ctx, p.dialect.tableExists, name).Scan(&n)
	return n > 0, err
}

// steps returns the migrations for a schema, oldest first.
func steps(of schema) ([]*goose.Migration, error) {
	files, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return nil, err
	}
	steps := make([]*goose.Migration, 0, len(files))
	for _, file := range files {
		version, err := goose.NumericComponent(file)
		if err != nil {
			return nil, err
		}
		text, err := template.New(path.Base(file)).ParseFS(migrations, file)
		if err != nil {
			return nil, err
		}
		var statements strings.Builder
		if err := text.Execute(&statements, of); err != nil {
			return nil, err
		}
		steps = append(steps, goose.NewGoMigration(version, &goose.GoFunc{
			RunTx: func(ctx context.Context, tx *sql.Tx) error {
				_, err := tx.ExecContext(ctx, statements.String())
				return err
			},
		}, nil))
	}
	return steps, nil
}
