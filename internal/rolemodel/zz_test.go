package rolemodel_test
import ("testing";"fmt";"strings";"github.com/msp-as-code/terraform-provider-mimecast/internal/rolemodel")
func BenchmarkZZ(b *testing.B){
 r:=customRole("x Admin",rolemodel.CannotManageRoles)
 for i:=range 500 { r.ApplicationPermissions=append(r.ApplicationPermissions, rolemodel.Permission(fmt.Sprintf("%s %d | Read",strings.Repeat("xe",95),i))) }
 for b.Loop(){ _ = rolemodel.CheckRole(r) }
}
func BenchmarkZM(b *testing.B){
 roles:=rolemodel.DefaultRoles()
 for i:=range 11 { roles=append(roles,rolemodel.Role{TenantID:"C1",ID:rolemodel.RoleID(fmt.Sprint("role-",i)),Name:strings.Repeat("ae",100)}) }
 s:=rolemodel.RoleID(strings.Repeat("ea",100))
 for b.Loop(){ _ = rolemodel.RoleOfTenantViolation("C1",s,roles) }
}
