"""The holes that others fell into, a file a family and a test a hole.

Elsewhere: foreign ids in body and query, and unguarded siblings (test_crawl.py); share links that outlive their end
(roadmap/test_share_link.py); links and codes usable twice or by another address (accounts/test_invitation.py,
accounts/test_password_reset.py, feedback/test_portal_sign_in.py); Markdown (ui/test_markdown.py); formulas
(roadmap/importing/test_rejected_rows_can_be_mended.py); hosts, `next` and headers of mails (accounts/, jobs/test_mail.py);
streams (changes/test_live_stream.py); notifications that outlive a membership (discussion/test_notifications.py).
"""

#: The apps, whose code and tables are ours to look through.
APPS = ("accounts", "changes", "jobs", "listing", "discussion", "products", "roadmap", "feedback", "usage", "lifecycle", "ui", "config")  # fmt: skip
