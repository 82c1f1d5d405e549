"""Pages of compliance officers: the audit log, its verification, its export, and what its events mean."""
