"""The portal: what the academy shows to everybody, signed in or not."""
