#![doc = include_str!("boilerplate_phrases.md")]

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    contract::{
        AnyGauge, Card, Document, Fidelity, Field, FieldKind, Fraction, Gauge, GaugeKind,
        Judgement, OptionsError, Source, Span, Support, Value,
    },
    text::phrases::Phrases,
};

/// The entry for the registry.
pub const KIND: &dyn AnyGauge = &GaugeKind::<BoilerplatePhrases>::new();

/// Measures which share of a text is phrases of menus, banners and footers.
#[derive(Debug)]
pub struct BoilerplatePhrases {
    phrases: Phrases,
    limits: Limits,
}

/// Measuring options of [`BoilerplatePhrases`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Measuring {
    /// Phrases to look for besides the built-in ones, in any case and width.
    pub more_phrases: Vec<String>,
}

/// Limits of [`BoilerplatePhrases`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Limits {
    /// Largest share of characters in such phrases allowed.
    pub max: Fraction,
}

impl Default for Limits {
    fn default() -> Self {
        Self { max: Fraction::percent(10) }
    }
}

impl Gauge for BoilerplatePhrases {
    type Measuring = Measuring;
    type Limits = Limits;

    const CARD: &'static Card = &Card {
        id: "boilerplate_phrases",
        version: 2,
        summary: "finds menus, cookie banners, footers and calls to click, in Chinese and English",
        fields: &[
            Field {
                name: "value",
                kind: FieldKind::Float,
                unit: "share",
                what: "the share of characters in boilerplate phrases",
            },
            Field {
                name: "phrases",
                kind: FieldKind::Int,
                unit: "phrases",
                what: "the number of boilerplate phrases",
            },
        ],
        support: Support::AnyText,
        source: Source {
            work: "in the manner of the policy lines of C4; lists and measure are our own",
            url: "https://arxiv.org/abs/1910.10683",
            fidelity: Fidelity::Own,
        },
        guide: include_str!("boilerplate_phrases.md"),
    };

    fn new(measuring: Measuring, limits: Limits) -> Result<Self, OptionsError> {
        let more = measuring.more_phrases.iter().map(String::as_str);
        let phrases = Phrases::new(phrases().chain(more));
        let phrases = phrases.map_err(|_| {
            let problem = format!("has one of more than {} characters", Phrases::LONGEST);
            OptionsError::new("more-phrases", problem, "list short phrases")
        })?;
        Ok(Self { phrases, limits })
    }

    fn measure(&self, document: &Document<'_>, out: &mut [Value]) {
        let (mut characters, mut phrases) = (0, 0);
        for found in self.phrases.find(document.text()) {
            phrases += 1;
            characters += visible(found.span.of(document.text()));
        }
        let counts = document.characters();
        out[0] = Value::share(characters, counts.all - counts.white_space);
        if out[0] != Value::Missing {
            out[1] = Value::Int(phrases);
        }
    }

    fn judge(&self, measured: &[Value]) -> Judgement {
        Judgement::at_most(&measured[0], self.limits.max.get())
    }

    fn locate(&self, document: &Document<'_>, spans: &mut Vec<Span>) {
        spans.extend(self.phrases.find(document.text()).map(|found| found.span));
    }
}

/// The built-in phrases, of both languages.
pub(crate) fn phrases<'p>() -> impl Iterator<Item = &'p str> {
    ENGLISH.iter().chain(CHINESE).copied()
}

fn visible(phrase: &str) -> u64 {
    phrase.chars().filter(|character| !character.is_whitespace()).count() as u64
}

#[rustfmt::skip]
const ENGLISH: &[&str] = &[
    // Consent and law
    "accept all cookies", "accept cookies", "accept all", "allow all cookies", "cookie policy",
    "cookie settings", "cookie preferences", "manage cookies", "reject all", "use of cookies",
    "this site uses cookies", "this website uses cookies", "we use cookies", "privacy policy",
    "privacy notice", "privacy settings", "terms of use", "terms of service",
    "terms and conditions", "terms & conditions", "all rights reserved", "legal notice",
    // Accounts
    "already a member", "create an account", "create account", "forgot password",
    "forgot your password", "join now", "log in", "log in to your account", "log out",
    "lost your password", "my account", "register now", "remember me", "sign in", "sign out",
    "sign up", "sign up now", "start your free trial", "subscribe now",
    "subscribe to our newsletter", "sign up for our newsletter", "enter your email",
    "your email address will not be published", "required fields are marked",
    // Sharing
    "copy link", "email this", "follow us on", "follow us", "like us on facebook", "print this",
    "print this page", "share on facebook", "share on linkedin", "share on pinterest",
    "share on twitter", "share on whatsapp", "share this", "share this article",
    "share this page", "share this post", "share this story", "tweet this", "send to a friend",
    // Moving about
    "back to top", "breadcrumb", "click here", "continue reading", "jump to navigation",
    "jump to search", "load more", "main menu", "menu close", "newer posts", "next page",
    "next post", "older posts", "previous page", "previous post", "read full story", "read more",
    "return to top", "scroll to top", "see all", "see more", "show less", "show more", "site map",
    "sitemap", "skip to content", "skip to main content", "skip to navigation",
    "toggle navigation", "view all", "view full site", "view more", "view profile",
    // Teasers, comments, advertising
    "about us", "add a comment", "advertise with us", "contact us", "leave a comment",
    "leave a reply", "most popular posts", "popular posts", "post a comment", "post comment",
    "recent comments", "recent posts", "recommended for you", "related articles", "related posts",
    "related products", "related stories", "report abuse", "sponsored content", "trending now",
    "view all comments", "you may also like", "you might also like", "you may be interested in",
    // Shops and programs
    "add to basket", "add to bag", "add to cart", "add to compare", "add to wish list",
    "add to wishlist", "buy it now", "buy now", "download our app", "download the app",
    "free shipping", "get the app", "in stock", "items in cart", "out of stock",
    "proceed to checkout", "shop now", "shopping cart", "view cart", "your cart is empty",
    "enable javascript", "javascript is disabled", "javascript is required",
    "please enable cookies", "please turn on javascript", "powered by wordpress",
    "your browser does not support", "you are using an outdated browser", "page not found",
];

#[rustfmt::skip]
const CHINESE: &[&str] = &[
    // 版权与条款
    "版权所有", "版权声明", "保留所有权利", "保留一切权利", "未经许可不得转载", "未经授权不得转载",
    "未经允许不得转载", "未经授权禁止转载", "禁止转载", "转载请注明", "转载请注明出处",
    "转载请注明来源", "侵权请联系删除", "如有侵权请联系", "免责声明", "法律声明", "隐私政策",
    "隐私声明", "隐私条款", "隐私保护", "用户协议", "服务条款", "服务协议", "使用条款", "cookie政策",
    "接受cookie", "接受所有cookie", "本网站使用cookie", "我们使用cookie", "icp备", "icp证",
    "公网安备", "备案号", "增值电信业务经营许可证", "违法和不良信息举报", "举报电话", "举报邮箱",
    // 登录
    "用户登录", "会员登录", "登录注册", "登录/注册", "登录 | 注册", "登录后查看", "登录后可见",
    "立即登录", "立即注册", "免费注册", "注册会员", "忘记密码", "记住密码", "找回密码", "退出登录",
    "还没有账号", "没有账号", "请先登录", "登录后发表评论",
    // 分享与关注
    "分享到微信", "分享到微博", "分享到新浪微博", "分享到朋友圈", "分享到qq", "分享到qq空间",
    "分享到:", "分享到：", "一键分享", "扫一扫分享", "扫码关注", "扫描二维码", "扫描下方二维码",
    "长按识别二维码", "关注我们", "关注公众号", "关注微信公众号", "官方微信", "官方微博", "微信扫一扫",
    // 点击与翻页
    "点击查看", "点击查看更多", "点击查看全文", "点击查看详情", "查看更多", "查看全文", "查看详情",
    "点击这里", "点击进入", "点击下载", "点击加载更多", "加载更多", "展开全文", "展开阅读全文",
    "阅读全文", "阅读更多", "阅读原文", "更多精彩", "更多精彩内容", "返回首页", "返回顶部", "回到顶部",
    "返回列表", "返回上一页", "返回目录", "上一篇", "下一篇", "上一页", "下一页", "设为首页",
    "加入收藏", "收藏本站", "收藏本页", "网站首页", "网站地图", "网站导航", "当前位置",
    // 推荐、评论、广告
    "关于我们", "联系我们", "联系方式", "加入我们", "友情链接", "广告服务", "广告合作", "商务合作",
    "相关阅读", "相关文章", "相关推荐", "相关新闻", "推荐阅读", "热门推荐", "热门文章", "热门标签",
    "最新文章", "精彩推荐", "猜你喜欢", "为您推荐", "大家都在看", "延伸阅读", "发表评论", "我要评论",
    "查看评论", "全部评论", "暂无评论", "网友评论", "文章来源", "责任编辑", "意见反馈",
    // 购物与程序
    "加入购物车", "立即购买", "立即抢购", "立即下载", "立即咨询", "在线客服", "在线咨询", "免费咨询",
    "下载客户端", "下载app", "app下载", "扫码下载", "请开启javascript", "请启用javascript",
    "您的浏览器不支持", "您的浏览器版本过低", "页面不存在", "页面未找到",
    // 繁體
    "版權所有", "保留所有權利", "轉載請註明", "隱私權政策", "隱私政策", "服務條款", "使用條款",
    "會員登入", "立即登入", "立即註冊", "忘記密碼", "點擊查看", "點擊這裡", "閱讀全文", "閱讀更多",
    "繼續閱讀", "回到頂端", "回到頂部", "返回頂部", "上一頁", "下一頁", "關於我們", "聯絡我們",
    "聯繫我們", "相關文章", "延伸閱讀", "推薦閱讀", "發表評論", "發表留言", "加入購物車", "立即購買",
    "使用cookie", "網站地圖", "友情連結",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{located, measured};

    #[test]
    fn the_longest_phrase_counts() {
        assert_eq!(located(KIND, "Log in to your account now"), ["Log in to your account"]);
        assert_eq!(located(KIND, "点击查看更多图片"), ["点击查看更多"]);
    }

    #[test]
    fn white_space_does_not_count() {
        assert_eq!(measured(KIND, "read more\nabcdefgh"), [Value::Float(0.5), Value::Int(1)]);
    }

    #[test]
    fn no_phrase_is_listed_twice_and_all_are_in_lower_case() {
        for list in [ENGLISH, CHINESE] {
            for (at, phrase) in list.iter().enumerate() {
                assert_eq!(*phrase, phrase.to_lowercase());
                assert!(!list[..at].contains(phrase), "{phrase}");
            }
        }
    }
}
