"""Who studied when: stays, beats, presence checks, and the assessment of what they are worth."""
