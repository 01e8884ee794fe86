"""The project: settings, addresses, the task queue's schedule and the embedded servers."""
