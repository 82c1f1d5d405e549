"""The process that takes gradings and public checks from the queue and carries them through."""
