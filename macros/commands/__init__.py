"""What each script does beside the build."""
