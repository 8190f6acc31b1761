"""Private chats: what people say reaches the model, and what it says reaches QQ."""

from claw.scene import Scene
from claw.shared import ALICE


async def test_a_message_is_answered(scene: Scene) -> None:
    hello = scene.model.on("Good morning, bot", "Good morning, Alice")
    said = await scene.qq.friend(ALICE, "Alice").say("Good morning, bot")
    answer = await scene.answer()
    assert (answer.user_id, answer.text) == (ALICE, "Good morning, Alice")
    assert hello.turns == 1
    assert said.chat == answer.raw.chat
