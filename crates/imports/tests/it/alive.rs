//! A run that lives is not taken for one that broke off, whoever looks.

use std::sync::Arc;

use tokio::{runtime::Handle, task::block_in_place};
use weft_imports::{Format, Input, runs};
use weft_kernel::{Env, FakeClock, SystemEntropy};
use weft_storage::Db;

use crate::{desk::Desk, fixture::Export};

const SECOND: i64 = 1_000_000;

weft_testkit::on_both! {
    async fn a_run_that_goes_on_is_left_alone(test: TestDb) {
        let desk = Desk::new(test).await;
        let clock = Arc::new(FakeClock::new(1_700_000_000 * SECOND));
        let env = Env::new(clock.clone(), Arc::new(SystemEntropy));
        let run = runs::begin(desk.db(), &env, desk.org, Format::Slack, None, false).await.unwrap();
        // Longer than any silence that is borne.
        clock.advance(600 * SECOND);
        let elsewhere = Db::open(&desk.test.config()).await.unwrap();
        let look = |_| {
            let marked = block_in_place(|| Handle::current().block_on(runs::recover(&elsewhere, &env)));
            assert_eq!(marked.unwrap(), 0);
        };
        let archive = Export::everything().pack();
        let input = Input { format: Format::Slack, path: archive.path.clone(), folder: std::env::temp_dir() };
        runs::import(desk.db(), &env, &run, input, None, &look).await.unwrap();
        assert_eq!(runs::get(desk.db(), desk.org, run.id).await.unwrap().state, "done");
        clock.advance(600 * SECOND);
        assert_eq!(runs::recover(&elsewhere, &env).await.unwrap(), 0, "what has ended is left alone too");
    }

    async fn a_run_that_is_silent_for_a_minute_is_over(test: TestDb) {
        let desk = Desk::new(test).await;
        let clock = Arc::new(FakeClock::new(1_700_000_000 * SECOND));
        let env = Env::new(clock.clone(), Arc::new(SystemEntropy));
        let run = runs::begin(desk.db(), &env, desk.org, Format::Slack, None, false).await.unwrap();
        clock.advance(59 * SECOND);
        assert_eq!(runs::recover(desk.db(), &env).await.unwrap(), 0);
        clock.advance(SECOND);
        assert_eq!(runs::recover(desk.db(), &env).await.unwrap(), 1);
        let over = runs::get(desk.db(), desk.org, run.id).await.unwrap();
        assert_eq!((over.state.as_str(), over.error.unwrap().code.as_str()), ("failed", "import_interrupted"));
    }
}
