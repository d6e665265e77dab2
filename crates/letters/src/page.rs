//! The page on which a reader of a mail ends them: plain, in their language, without scripts.

use crate::words::chinese;

/// Asks, or says that it is done.
pub(crate) fn end(locale: &str, done: bool) -> String {
    let zh = chinese(locale);
    let (lang, title, text, button) = match (zh, done) {
        (true, false) => (
            "zh-CN",
            "不再接收摘要邮件",
            "经纬将不再用邮件告诉你错过的消息。可以随时在设置中重新开启。",
            "不再接收",
        ),
        (true, true) => (
            "zh-CN",
            "已关闭摘要邮件",
            "经纬不会再用邮件告诉你错过的消息。可以随时在设置的「通知」中重新开启。",
            "",
        ),
        (false, false) => (
            "en",
            "No more mails of what you missed",
            "Weft will tell you nothing by mail any more. You can turn the mails on again in your settings.",
            "Send me no more",
        ),
        (false, true) => (
            "en",
            "These mails are off",
            "Weft will tell you nothing by mail any more. You can turn the mails on again in your settings, under Notifications.",
            "",
        ),
    };
    let form = match button {
        "" => String::new(),
        words => format!("<form method=\"post\"><button>{words}</button></form>"),
    };
    format!(
        "<!doctype html><html lang=\"{lang}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><meta name=\"robots\" content=\"noindex\">\
         <title>{title}</title><style>{STYLE}</style></head>\
         <body><main><h1>{title}</h1><p>{text}</p>{form}</main></body></html>"
    )
}

const STYLE: &str = "\
:root{color-scheme:light dark}\
body{font:15px/24px Inter,-apple-system,'Segoe UI','PingFang SC','Microsoft YaHei','Noto Sans CJK SC',sans-serif;\
margin:0;background:Canvas;color:CanvasText}\
main{max-width:480px;margin:15vh auto;padding:0 24px}h1{font-size:20px;line-height:28px}\
button{font:inherit;min-height:44px;padding:0 20px;border:1px solid;border-radius:8px;cursor:pointer}";
