"""A strict Microsoft Teams in one process: identity services, Bot Connector, and people who use it.

```python
async with FakeTeams(now=clock.now) as teams:
    teams.connect("http://127.0.0.1:3978/api/messages")
    sato = teams.add_person("佐藤 美咲")
    await sato.install()
    welcome = await sato.receives("ようこそ")
    dialog = await sato.open("登録する")
    dialog = await dialog.next({"ご招待コード": "ABCD-2345"})
```
"""

from .actors import Actor, Pressed
from .bad_tokens import BAD_TOKENS
from .courier import Answer
from .dialogs import Closed, Dialog, Misbehaved, NotSent
from .server import APP_ID, PASSWORD, TENANT, FakeTeams
from .world import Place, Sent, Written

__all__ = [
    "APP_ID",
    "BAD_TOKENS",
    "PASSWORD",
    "TENANT",
    "Actor",
    "Answer",
    "Closed",
    "Dialog",
    "FakeTeams",
    "Misbehaved",
    "NotSent",
    "Place",
    "Pressed",
    "Sent",
    "Written",
]
