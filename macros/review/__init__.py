"""What a change changes for readers: gathered from commits, said as Markdown, told to GitHub."""
