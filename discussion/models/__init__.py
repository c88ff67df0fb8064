from discussion.models.attachment import Attachment
from discussion.models.comment import Comment
from discussion.models.mention import Mention
from discussion.models.notification import Kind, Notification
from discussion.models.preference import Preference, When
from discussion.models.thread import Thread, Watcher

__all__ = ["Attachment", "Comment", "Kind", "Mention", "Notification", "Preference", "Thread", "Watcher", "When"]
