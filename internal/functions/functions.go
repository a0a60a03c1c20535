// Package functions is the functions that the provider gives Terraform's
// expressions. They know what is built in and what they are given: no directory,
// and so no configured provider, is needed.
//
// An error is a text without its full stop, which Terraform adds.
package functions

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/function"
)

// fn is a function: its name, what Terraform shows of it and what it returns
// for its arguments.
type fn struct {
	name       string
	definition function.Definition
	run        func(context.Context, function.ArgumentsData) (any, *function.FuncError)
}

// Metadata implements function.Function.
func (f *fn) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = f.name
}

// Definition implements function.Function.
func (f *fn) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = f.definition
}

// Run implements function.Function.
func (f *fn) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	result, err := f.run(ctx, req.Arguments)
	if err != nil {
		resp.Error = err
		return
	}
	resp.Error = resp.Result.Set(ctx, result)
}

// refuse returns what is wrong with an argument, the first of which is 0, if anything is.
func refuse(argument int64, err error) *function.FuncError {
	if err == nil {
		return nil
	}
	return function.NewArgumentFuncError(argument, err.Error())
}
