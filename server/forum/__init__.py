"""The learners' forum 学员论坛: boards, threads and their posts, which live as all posts do (rules §7)."""
