"""The API of people: workspaces, members, teams, invitations, tokens.

It stands here and not in `accounts`, because it joins the nouns of `accounts` with the viewsets of `listing`, and
imports point one way: the work lives in the rightmost app that it touches.
"""
