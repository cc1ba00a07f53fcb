"""Live classes: their plan, their air time, who runs, watches and speaks in them."""
