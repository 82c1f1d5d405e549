"""Who may use every route: `anyone`, `link`, `signed-in`, some accesses, `candidate`, a scope, or the `machine` itself.

`link` is whoever has the secret in the address; `candidate` is the device that a candidate confirmed.
A route that is not named here fails the tests, and so does a row without a route.
"""

TABLE = """
GET  /static/{digest}/{name:path}                       anyone
GET  /sign-in                                           anyone
POST /sign-in                                           anyone
POST /sign-in/choice                                    anyone
GET  /sign-in/{slug}                                    anyone
GET  /sign-in/{slug}/provider                           anyone
GET  /sign-in/provider/back                             anyone
POST /sign-out                                          anyone
GET  /forgotten                                         anyone
POST /forgotten                                         anyone
GET  /welcome/{token}                                   link
POST /welcome/{token}                                   link
GET  /reset/{token}                                     link
POST /reset/{token}                                     link
GET  /account                                           signed-in
POST /account                                           signed-in
POST /account/password                                  signed-in
POST /account/sign-ins/end                              signed-in
GET  /people                                            owner
GET  /people/new                                        owner
POST /people/new                                        owner
GET  /people/{wanted}                                   owner
POST /people/{wanted}                                   owner
POST /people/{wanted}/link                              owner
POST /people/{wanted}/remove                            owner
POST /people/{wanted}/back                              owner
GET  /tokens                                            owner
GET  /tokens/new                                        owner
POST /tokens/new                                        owner
POST /tokens/{wanted}/revoke                            owner
GET  /letters                                           owner recruiter
GET  /letters/{wanted}                                  owner recruiter
POST /letters/{wanted}/again                            owner recruiter

GET  /                                                  signed-in
GET  /roles                                             owner hiring_manager recruiter
GET  /roles/new                                         hiring_manager
POST /roles/upload                                      hiring_manager
GET  /roles/{role_id}                                   owner hiring_manager recruiter
GET  /roles/{role_id}/history                           owner hiring_manager recruiter
POST /roles/{role_id}/changes                           hiring_manager
POST /roles/{role_id}/undo                              hiring_manager
POST /roles/{role_id}/settle                            hiring_manager
GET  /roles/{role_id}/assessments                       owner hiring_manager recruiter
GET  /roles/{role_id}/blueprint                         owner hiring_manager recruiter
POST /roles/{role_id}/assessments                       hiring_manager
POST /roles/{role_id}/archive                           hiring_manager
POST /roles/{role_id}/restore                           hiring_manager
GET  /assessments                                       owner hiring_manager recruiter
GET  /assessments/{assessment_id}/tasks                 owner hiring_manager recruiter
POST /assessments/{assessment_id}/close                 hiring_manager
POST /assessments/{assessment_id}/reopen                hiring_manager
GET  /assessments/{assessment_id}                       owner hiring_manager recruiter
GET  /assessments/{assessment_id}/candidates.csv        owner hiring_manager recruiter
GET  /assessments/{assessment_id}/invite                hiring_manager recruiter
POST /assessments/{assessment_id}/preview/upload        hiring_manager recruiter
POST /assessments/{assessment_id}/invite/upload         hiring_manager recruiter
POST /assessments/{assessment_id}/remind                hiring_manager recruiter
POST /assessments/{assessment_id}/compare               hiring_manager
GET  /assessments/{assessment_id}/compare               hiring_manager
GET  /assessments/{assessment_id}/compare.csv           hiring_manager
GET  /assessments/{assessment_id}/compare.pdf           hiring_manager
GET  /candidates/{invitation_id}                        owner hiring_manager recruiter
GET  /candidates/{invitation_id}/scorecard              hiring_manager
GET  /candidates/{invitation_id}/scorecard.pdf          hiring_manager
POST /candidates/{invitation_id}/gradings/{job_id}/retry  hiring_manager
POST /candidates/{invitation_id}/remind                 hiring_manager recruiter
POST /candidates/{invitation_id}/extend                 hiring_manager recruiter
POST /candidates/{invitation_id}/cancel                 hiring_manager recruiter
POST /candidates/{invitation_id}/undo-cancel            hiring_manager recruiter
POST /candidates/{invitation_id}/accommodation          recruiter

GET  /webhooks                                          owner
GET  /webhooks/new                                      owner
POST /webhooks/new                                      owner
GET  /webhooks/{wanted}                                 owner
POST /webhooks/{wanted}/off                             owner
POST /webhooks/{wanted}/on                              owner
POST /webhooks/deliveries/{wanted}/again                owner

GET  /compliance/log                                    compliance
GET  /compliance/events                                 compliance
GET  /compliance/verification                           compliance
POST /compliance/verification                           compliance
POST /compliance/verification/step                      compliance
POST /compliance/export                                 compliance

GET  /c/{token}                                         link
POST /c/{token}/code                                    link
GET  /c/{token}/code                                    link
POST /c/{token}/confirm                                 link
GET  /session                                           candidate
POST /session/consent                                   candidate
GET  /session/withdraw                                  candidate
POST /session/withdraw                                  candidate
GET  /session/tasks/{task}                              candidate
POST /session/tasks/{task}/start                        candidate
POST /session/tasks/{task}/save                         candidate
POST /session/tasks/{task}/changes/save                 candidate
GET  /session/tasks/{task}/files.json                   candidate
POST /session/tasks/{task}/told                         candidate
POST /session/tasks/{task}/upload                       candidate
POST /session/tasks/{task}/undo-upload                  candidate
GET  /session/tasks/{task}/workspace                    candidate
GET  /session/tasks/{task}/workspace.zip                candidate
GET  /session/tasks/{task}/files.zip                    candidate
GET  /session/tasks/{task}/hand-in                      candidate
POST /session/tasks/{task}/hand-in                      candidate
POST /session/tasks/{task}/checks                       candidate
GET  /session/tasks/{task}/checks                       candidate
GET  /session/tasks/{task}/checks/live                  candidate
GET  /session/report                                    candidate

GET  /api/v1/openapi.json                               anyone
GET  /api/v1/roles                                      roles:read
POST /api/v1/roles                                      roles:write
GET  /api/v1/roles/{role}                               roles:read
GET  /api/v1/assessments                                roles:read
GET  /api/v1/assessments/{assessment}                   roles:read
GET  /api/v1/assessments/{assessment}/invitations       invitations:read
POST /api/v1/assessments/{assessment}/invitations       invitations:write
GET  /api/v1/invitations/{invitation}                   invitations:read
POST /api/v1/invitations/{invitation}/remind            invitations:write
POST /api/v1/invitations/{invitation}/extend            invitations:write
POST /api/v1/invitations/{invitation}/cancel            invitations:write
POST /api/v1/invitations/{invitation}/restore           invitations:write
GET  /api/v1/invitations/{invitation}/scorecard         scorecards:read

GET  /health                                            anyone
GET  /ready                                             anyone
GET  /metrics                                           machine
"""

ROWS: dict[tuple[str, str], tuple[str, ...]] = {
    (words[0], words[1]): tuple(words[2:]) for words in map(str.split, TABLE.strip().splitlines()) if words
}
