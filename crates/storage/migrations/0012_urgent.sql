-- Urgent messages and how they are brought to people.

-- What an org's owner decided, as JSON; absent: the defaults.
CREATE TABLE urgent_policies (
  org BIGINT PRIMARY KEY REFERENCES orgs (org),
  policy TEXT NOT NULL
);

CREATE TABLE urgent_messages (
  log BIGINT NOT NULL,
  seq BIGINT NOT NULL,                -- of the message
  org BIGINT NOT NULL,
  sender BIGINT NOT NULL,
  at BIGINT NOT NULL,                 -- when it became urgent; its steps count from here
  state BIGINT NOT NULL,              -- 1 under way, 2 nothing is left to do, 3 cancelled
  rounds BIGINT NOT NULL DEFAULT 0,   -- how often it was shown in the app
--sqlite   PRIMARY KEY (log, seq)) WITHOUT ROWID;
--pg   PRIMARY KEY (log, seq));
CREATE INDEX urgent_messages_org ON urgent_messages (org, at);

-- How a message came to somebody. Who is addressed has a row of step 1 from the beginning; each
-- further step that is taken has its own, and so is taken once.
CREATE TABLE urgent_steps (
  log BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  principal BIGINT NOT NULL,
  step BIGINT NOT NULL,               -- 1 app, 2 push, 3 e-mail, 4 SMS, 5 phone
  org BIGINT NOT NULL,
  state BIGINT NOT NULL,              -- 1 waits, 2 under way, 3 done, 4 failed, 5 left out, 6 unknown: counts as done
  at BIGINT NOT NULL,                 -- of the last state
  detail TEXT,                        -- why it failed or was left out: a code
--sqlite   PRIMARY KEY (log, seq, principal, step)) WITHOUT ROWID;
--pg   PRIMARY KEY (log, seq, principal, step));
CREATE INDEX urgent_steps_principal ON urgent_steps (principal, step, at);
CREATE INDEX urgent_steps_org ON urgent_steps (org, at);

-- What is counted against quotas.
CREATE TABLE urgent_usage (
  org BIGINT NOT NULL,
  kind BIGINT NOT NULL,               -- 0 messages in a day; else a step in a month
  period BIGINT NOT NULL,             -- days or months since 1970, UTC
  principal BIGINT NOT NULL,          -- 0: of the whole org
  used BIGINT NOT NULL,
--sqlite   PRIMARY KEY (org, kind, period, principal)) WITHOUT ROWID;
--pg   PRIMARY KEY (org, kind, period, principal));

-- When somebody wants to be left in peace.
CREATE TABLE urgent_preferences (
  principal BIGINT PRIMARY KEY REFERENCES principals (principal),
  quiet_from BIGINT,                  -- minutes of their day; NULL: as the org says
  quiet_to BIGINT,
  calls_per_day BIGINT                -- SMS and calls together; NULL: no limit of their own
);

CREATE TABLE phones (
  principal BIGINT PRIMARY KEY REFERENCES principals (principal),
  org BIGINT NOT NULL,
  number TEXT NOT NULL,               -- E.164
  verified_at BIGINT,
  code_hash BYTEA,                    -- SHA-256 of the code that was sent
  code_until BIGINT,
  code_tries BIGINT NOT NULL DEFAULT 0,
  code_sent_at BIGINT
);

-- The gateways that an org's owner has set up, one for SMS and one for calls.
CREATE TABLE phone_gateways (
  org BIGINT NOT NULL REFERENCES orgs (org),
  kind BIGINT NOT NULL,               -- 4 SMS, 5 phone, as the steps
  template TEXT NOT NULL,             -- JSON: method, URL, headers, body, success
  secrets BYTEA NOT NULL,             -- envelope of a JSON map; never shown
  changed_at BIGINT NOT NULL,
--sqlite   PRIMARY KEY (org, kind)) WITHOUT ROWID;
--pg   PRIMARY KEY (org, kind));

-- Who may see the numbers of others, beside the admins: 1 nobody, 2 members.
CREATE TABLE phone_policies (
  org BIGINT PRIMARY KEY REFERENCES orgs (org),
  visible BIGINT NOT NULL
);
