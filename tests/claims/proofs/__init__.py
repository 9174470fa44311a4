"""The proofs, by subject. Each function is named like its claim: `b07` settles B07."""
