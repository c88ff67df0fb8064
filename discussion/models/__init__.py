from discussion.models.comment import Comment, Mention
from discussion.models.notification import Kind, Notification
from discussion.models.preference import Preference, When
from discussion.models.thread import Thread, Watcher

__all__ = ["Comment", "Kind", "Mention", "Notification", "Preference", "Thread", "Watcher", "When"]
