// adl-xapiwrapper against a record store.
import assert from "node:assert/strict";
import { createHash, randomUUID } from "node:crypto";

import { ANSWERED, BATCH, COMPLETED, VOIDED, client, endpoint, key, scene, secret, walk } from "./steps.mjs";

const adl = client("adl-xapiwrapper");
const store = new adl.XAPIWrapper({ url: endpoint, auth: { user: key, pass: secret } });
const { learner, activity, registration, statement } = scene();
const agent = JSON.stringify(learner);

// Each call ends with a callback (error, answer, body); the answer is what Node gave.
const call = (name, ...words) => new Promise((resolve, reject) => {
  store[name](...words, (error, answer, body) => (error ? reject(error) : resolve({ answer, body })));
});

async function accepted(name, ...words) {
  const { answer, body } = await call(name, ...words);
  assert.ok(answer.statusCode < 300, `${answer.statusCode} ${body}`);
  return { answer, body, json: () => JSON.parse(body) };
}

async function refused(status, name, ...words) {
  const { answer, body } = await call(name, ...words);
  assert.equal(answer.statusCode, status, `${answer.statusCode} instead of ${status}: ${body}`);
}

async function found(query) {
  return (await accepted("getStatements", query, null)).json().statements.map((one) => one.id);
}

const single = { ...statement(COMPLETED), id: adl.ruuid() };
const everything = BATCH + 2;
let batch = [];

async function profile(send, get, about) {
  await accepted(send, about, "grid", "niveau 1", null, "*");
  await refused(412, send, about, "grid", "niveau 1", null, "*");
  const first = await accepted(get, about, "grid", null);
  assert.equal(first.body, "niveau 1");
  assert.equal(first.answer.headers["content-type"], "application/octect-stream");
  assert.equal(first.answer.headers.etag, `"${adl.hash("niveau 1")}"`);
  await accepted(send, about, "grid", "niveau 2", adl.hash("niveau 1"), null);
  await refused(412, send, about, "grid", "niveau 3", adl.hash("niveau 1"), null);
  await accepted(send, about, "object", { level: 1 }, null, "*");
  const kept = await accepted(get, about, "object", null);
  await accepted(send, about, "object", { note: "fusionné" }, kept.answer.headers.etag, null);
  const merged = await accepted(get, about, "object", null);
  assert.deepEqual(merged.json(), { level: 1, note: "fusionné" });
  await accepted(send, about, "list", [1, 2], null, "*");
  assert.deepEqual((await accepted(get, about, "list", null)).json(), [1, 2]);
  assert.deepEqual((await accepted(get, about, null, null)).json().sort(), ["grid", "list", "object"]);
  assert.deepEqual((await accepted(get, about, null, new Date(Date.now() + 60_000))).json(), []);
  await refused(404, get, about, "nothing", null);
}

walk(
  [
    ["about (testConfig)", () => new Promise((resolve, reject) => {
      store.testConfig((fine) => (fine ? resolve() : reject(new Error("the client says no"))));
    })],
    ["one statement", async () => {
      assert.deepEqual((await accepted("sendStatements", single)).json(), [single.id]);
    }],
    ["the same statement once more changes nothing", () => accepted("sendStatements", single)],
    ["another statement with the same id is refused with 409", () =>
      refused(409, "sendStatements", { ...single, verb: ANSWERED })],
    ["one statement without an id", async () => {
      const result = { score: { scaled: 0.85, raw: 17, min: 0, max: 20 }, success: true, response: "Été ☀" };
      const [statementId] = (await accepted("sendStatements", statement(ANSWERED, { result }))).json();
      const again = (await accepted("getStatements", { statementId }, null)).json();
      assert.deepEqual(again.result, result);
    }],
    ["a batch", async () => {
      const many = Array.from({ length: BATCH }, () => statement(ANSWERED));
      batch = (await accepted("sendStatements", many)).json();
      assert.equal(new Set(batch).size, BATCH);
    }],
    ["get by id", async () => {
      const one = (await accepted("getStatements", { statementId: single.id }, null)).json();
      assert.deepEqual(one.actor, learner);
      assert.ok(one.stored && one.authority);
    }],
    ["an unknown id is a 404", () => refused(404, "getStatements", { statementId: randomUUID() }, null)],
    ["queries: agent, verb, activity, registration, since, until, related, format, ascending", async () => {
      assert.equal((await found({ agent })).length, everything);
      assert.deepEqual(await found({ agent, verb: COMPLETED.id }), [single.id]);
      assert.equal((await found({ activity: activity.id })).length, everything);
      assert.equal((await found({ registration })).length, everything);
      assert.equal((await found({ activity: activity.id, related_activities: true })).length, everything);
      assert.equal((await found({ agent, related_agents: true })).length, everything);
      assert.equal((await found({ agent, since: "2020-01-01T00:00:00Z" })).length, everything);
      assert.deepEqual(await found({ agent, until: "2020-01-01T00:00:00Z" }), []);
      for (const format of ["ids", "exact", "canonical"]) {
        assert.equal((await found({ agent, format })).length, everything);
      }
      assert.deepEqual(await found({ agent, ascending: true, limit: 1 }), [single.id]);
    }],
    ["`more` until the end", async () => {
      let page = (await accepted("getStatements", { agent, limit: 3 }, null)).json();
      const seen = page.statements.map((one) => one.id);
      let pages = 1;
      while (page.more) {
        page = (await accepted("getStatements", null, page.more)).json();
        seen.push(...page.statements.map((one) => one.id));
        pages += 1;
      }
      assert.deepEqual([pages, seen.length, new Set(seen).size], [3, everything, everything]);
    }],
    ["voiding, then voidedStatementId", async () => {
      const object = { objectType: "StatementRef", id: batch[0] };
      await accepted("sendStatements", statement({ id: VOIDED }, { object }));
      await refused(404, "getStatements", { statementId: batch[0] }, null);
      const voided = (await accepted("getStatements", { voidedStatementId: batch[0] }, null)).json();
      assert.equal(voided.id, batch[0]);
      assert.ok(!(await found({ agent })).includes(batch[0]));
    }],
    ["an attachment by its address; the multipart answer as it is", async () => {
      const attachment = {
        usageType: "http://id.tincanapi.com/attachment/supporting_media",
        display: { fr: "Pièce jointe" },
        contentType: "text/plain",
        length: 4,
        sha2: createHash("sha256").update("test").digest("hex"),
        fileUrl: "https://learning.example/copy.txt",
      };
      const sent = statement(ANSWERED, { attachments: [attachment] });
      const [statementId] = (await accepted("sendStatements", sent)).json();
      const { answer, body } = await accepted("getStatements", { statementId, attachments: true }, null);
      const [kind, boundary] = answer.headers["content-type"].split("; boundary=");
      assert.equal(kind, "multipart/mixed");
      const [head, text] = body.split(`--${boundary}`)[1].split("\r\n\r\n");
      assert.match(head, /Content-Type: application\/json/);
      assert.equal(JSON.parse(text).attachments[0].fileUrl, attachment.fileUrl);
    }],
    ["state: set, merge, get, list, with a registration", async () => {
      const where = [activity.id, learner];
      await accepted("sendState", ...where, "place", registration, { page: 1 }, null, null);
      await accepted("sendState", ...where, "place", registration, { zoom: 2 }, null, null);
      const kept = await accepted("getState", ...where, "place", registration, null);
      assert.deepEqual(kept.json(), { page: 1, zoom: 2 });
      await accepted("sendState", ...where, "place", registration, { page: 2 }, kept.answer.headers.etag, null);
      await refused(412, "sendState", ...where, "place", registration, {}, kept.answer.headers.etag, null);
      await refused(404, "getState", ...where, "place", null, null);
      await accepted("sendState", ...where, "text", registration, "du texte", null, null);
      await accepted("sendState", ...where, "text", registration, "un autre texte", null, null);
      assert.equal((await accepted("getState", ...where, "text", registration, null)).body, "un autre texte");
      assert.deepEqual((await accepted("getState", ...where, null, registration, null)).json().sort(), ["place", "text"]);
    }],
    ["activity profile: If-None-Match, ETag, If-Match, stale 412, merge, list", () =>
      profile("sendActivityProfile", "getActivityProfile", activity.id)],
    ["agent profile: If-None-Match, ETag, If-Match, stale 412, merge, list", () =>
      profile("sendAgentProfile", "getAgentProfile", learner)],
    ["agents", async () => {
      const person = (await accepted("getAgents", learner)).json();
      assert.deepEqual([person.objectType, person.name, person.account], ["Person", [learner.name], [learner.account]]);
    }],
    ["activities", async () => {
      assert.deepEqual((await accepted("getActivities", activity.id)).json().definition, activity.definition);
    }],
    ["a wrong secret is a 401", async () => {
      const other = new adl.XAPIWrapper({ url: endpoint, auth: { user: "no", pass: "no" } });
      const status = await new Promise((resolve, reject) => {
        other.getStatements({}, null, (error, answer) => (error ? reject(error) : resolve(answer.statusCode)));
      });
      assert.equal(status, 401);
    }],
  ],
  {
    "one statement by PUT": "it only knows POST",
    "an attachment with its payload": "it writes JSON only, never multipart",
    "read attachments": "it hands over the multipart answer as text, unparsed",
    "delete a state or a profile": "it has no call for it",
    "version 2.0.0": "it announces 1.0.1, always",
  },
);
