//! Reminders of what people keep, taken to their devices.

use std::sync::OnceLock;

use async_trait::async_trait;
use weft_kernel::Fault;
use weft_messaging::saved::{Notices, Reminder};
use weft_notify::{Alert, AlertWords, Notify};
use weft_storage::Tx;

/// How long a reminder that no device has shown is worth showing, in seconds.
const WORTH: u32 = 24 * 3600;

/// Tells devices, from the moment there is something to tell them with; commands have nothing.
#[derive(Default)]
pub(crate) struct Reminders(OnceLock<Notify>);

impl Reminders {
    /// From now on reminders go to devices.
    pub(crate) fn use_devices(&self, notify: Notify) {
        // Composed once; a second set would be a mistake of the composition.
        let _ = self.0.set(notify);
    }
}

#[async_trait]
impl Notices for Reminders {
    async fn remind(&self, tx: &mut Tx, reminder: &Reminder) -> Result<(), Fault> {
        if let Some(notify) = self.0.get() {
            notify.alert_in(tx, reminder.principal, &alert(reminder)).await?;
        }
        Ok(())
    }

    fn reminded(&self) {
        if let Some(notify) = self.0.get() {
            notify.ring();
        }
    }
}

/// Leads to the message, or to the list of what is kept.
fn alert(reminder: &Reminder) -> Alert {
    let org = reminder.org;
    let path = match (reminder.conversation, reminder.seq) {
        (Some(conversation), Some(seq)) => format!("/o/{org}/c/{conversation}/{seq}"),
        _ => format!("/o/{org}/later"),
    };
    let says = |title: &str, nothing: &str| AlertWords {
        title: title.to_owned(),
        body: if reminder.note.is_empty() { nothing.to_owned() } else { reminder.note.clone() },
        hidden: title.to_owned(),
    };
    Alert {
        path,
        tag: format!("reminder.{}", reminder.saved),
        insist: false,
        ttl_s: WORTH,
        en: says("Reminder", "You wanted to come back to a message."),
        zh: says("提醒", "你想回来看一条消息。"),
    }
}
