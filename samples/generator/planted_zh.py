"""Chinese pages that the quality rules should drop, each for one reason only."""

from __future__ import annotations

import random

ITEMS = """办事指南 表格下载 通知公告 常见问题 联系方式 图片新闻 预约挂号 志愿服务 招聘信息 场馆开放
课程安排 交通指引 统计数据 意见征集 历史沿革 领导信箱 便民电话 年度报告 专题活动 停水停电
失物招领 会员中心 投诉建议 排班查询 网上展厅""".split()
PLACES = "本馆 全市 各街道 园区 东城片区 分中心 各学院 开发区 老码头 北湖".split()
MENU = ["{p}{a}与{b}", "{a}（{p}）", "查看{p}全部{a}", "{p}{a}、{b}汇总", "{a}和{b}入口", "返回{p}{a}首页"]

TEASERS = [
    "{who}推开{place}的门，眼前的一幕让他愣住了……",
    "你绝对想不到，{place}里竟然藏着一只{thing}……",
    "{who}多年以后才说出那只{thing}的秘密……",
    "看到最后一张，{who}沉默了……",
    "{place}关门以后，总有人听见{thing}的声音……",
    "专家提醒，家里有{thing}的都来看看……",
]
PLAIN = ["点击查看全文，了解{place}的更多消息。", "本栏目每周更新，由{who}整理。", "转发给需要{thing}的朋友。"]
WHO = "老王头 快递员 退休教师 摆摊的大姐 年轻医生 出租车司机 看门的大爷".split()
THING = "木箱 座钟 石磨 铜锁 收音机 相册 搪瓷缸".split()
PLACE = "旧仓库 老戏院 邮局 山间小店 顶楼 菜市场 废弃校舍".split()

STUBS = [
    "您访问的页面不存在，错误编号{n}。",
    "{a}正在更新，请稍后再来。",
    "登录后查看{p}{a}。",
    "暂无评论，快来写第{n}条吧。",
    "图{n}：{thing}（{p}）",
    "已售罄，补货时间待定，货号{n}。",
    "{who}发布于{n}小时前，已删除。",
]


def bullet_menu(rng: random.Random) -> str:
    lines: list[str] = []
    count = rng.randint(14, 20)
    while len(lines) < count:
        a, b = rng.sample(ITEMS, 2)
        line = rng.choice(MENU).format(a=a, b=b, p=rng.choice(PLACES))
        if line not in lines:
            lines.append(line)
    mark = rng.choice(["- ", "• "])
    return "\n".join(mark + line for line in lines)


def fill(rng: random.Random, template: str) -> str:
    return template.format(who=rng.choice(WHO), thing=rng.choice(THING), place=rng.choice(PLACE))


def ellipsis_teaser(rng: random.Random) -> str:
    lines = [fill(rng, line) for line in rng.sample(TEASERS, rng.randint(4, 6))]
    lines += [fill(rng, line) for line in rng.sample(PLAIN, rng.randint(1, 3))]
    rng.shuffle(lines)
    return "\n".join(lines)


def short_stub(rng: random.Random) -> str:
    return rng.choice(STUBS).format(
        a=rng.choice(ITEMS),
        p=rng.choice(PLACES),
        thing=rng.choice(THING),
        who=rng.choice(WHO),
        n=rng.randint(2, 9900),
    )


# kind: (maker, rows in the news file, rows in the notes file)
PLANTS = {
    "bullet_menu": (bullet_menu, 5, 0),
    "ellipsis_teaser": (ellipsis_teaser, 4, 1),
    "short_stub": (short_stub, 14, 4),
}

BREAKS = {"bullet_menu": "bullets", "ellipsis_teaser": "ellipsis_lines", "short_stub": "han"}
