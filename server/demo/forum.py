"""The demo forum: boards, and threads in which made-up learners talk about their work."""

from uuid import UUID

from server.base.office import Office
from server.base.work import SYSTEM, Actor, Work
from server.forum import boards, write
from server.people import store as people
from server.rules.conduct import Mode

BOARDS = (
    ("学习体会", "读书、听课之后的收获和疑问。", Mode.AFTER),
    ("基层治理", "工作中的做法、难处和建议。", Mode.AFTER),
    ("意见建议", "对课程、直播和平台的意见，欢迎批评。", Mode.TRUST),
)

THREADS: tuple[tuple[int, str, tuple[str, ...]], ...] = (
    (
        0,
        "听完“数字政府建设与基层治理”的一点体会",
        (
            "老师讲“先理清事项，再谈上系统”，对我触动很大。我们窗口的材料清单这几年越加越长，"
            "其实不少证明部门之间本来就能查到。\n\n打算先做三件事：\n- 把高频事项的材料逐项列出来\n"
            "- 标出能由系统核验的\n- 每季度清一次",
            "同感。我们街道试过“一表通办”，难点不在技术，在各部门愿不愿意认对方的数据。",
            "> 难点不在技术\n这句话说到了根子上。建议把数据责任写进文件，出了差错知道找谁。",
            "请问清单多久更新一次合适？我们半年一清，还是跟不上。",
        ),
    ),
    (
        1,
        "老旧小区加装电梯，怎样让一楼住户也愿意",
        (
            "我们社区十二个单元，谈成了七个。**关键是先算清楚账，再坐下来谈。** 想听听各地的办法。",
            "我们请了物业和设计单位一起上门，把采光、噪声当面量给住户看，比开会管用。",
            "补偿标准最好由楼栋自己议定，社区只做见证，免得一个标准套到底。",
        ),
    ),
    (
        1,
        "填表太多，有没有好的办法",
        (
            "上周统计了一下，同一组数据报了四个部门、五张表。不是不愿意报，是格式都不一样。",
            "我们县今年定了规矩：新增报表先过县委办，一年下来少了三成。",
            "建议省里统一基础数据目录，基层填一次，各部门自取。",
        ),
    ),
    (2, "希望直播回放能按章节跳转", ("回放很好用，如果能按提纲跳转就更方便了，补看时不用来回拖。",)),
)


async def fill(office: Office, learners: list[UUID]) -> None:
    """Open the boards and let learners write; in the board on trust the first words wait for a moderator."""
    made = [await office.do(SYSTEM, boards.open_board, *board, place) for place, board in enumerate(BOARDS)]
    turn = 0
    for place, title, said in THREADS:
        actor = await _actor(office, learners[turn % len(learners)])
        thread, _ = await office.do(actor, _start, made[place].id, title, said[0])
        for text in said[1:]:
            turn += 1
            actor = await _actor(office, learners[turn % len(learners)])
            await office.do(actor, _reply, thread, text)
        turn += 1


async def _actor(office: Office, account: UUID) -> Actor:
    async with office.read() as tx:
        person = await people.person(tx, account)
        if person is None:
            raise RuntimeError("a demo learner is gone")
        return Actor(account, await people.holdings_of(tx, person))


async def _start(work: Work, board: UUID, title: str, text: str) -> tuple[UUID, UUID]:
    thread, post = await write.start(work, board, title, text, work.id())
    return thread.id, post.id


async def _reply(work: Work, thread: UUID, text: str) -> None:
    await write.reply(work, thread, text, work.id(), None)
