"""What several files of tests share."""

NO_SUCH_PROCESS = 2**22 + 1  # beyond the highest number that a Linux kernel gives
