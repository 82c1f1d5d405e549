"""The pages: what people of an organisation, candidates and programs reach over HTTP."""
