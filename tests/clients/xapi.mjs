// @xapi/xapi against a record store. XAPI_VERSION (1.0.3 by default) may be 2.0.0: the package passes it on.
import assert from "node:assert/strict";
import { createHash, randomUUID } from "node:crypto";

import { ANSWERED, BATCH, COMPLETED, basic, client, endpoint, refused, scene, walk } from "./steps.mjs";

const XAPI = client("@xapi/xapi").default ?? client("@xapi/xapi");
const version = process.env.XAPI_VERSION ?? "1.0.3";
const second = version.startsWith("2");
const store = new XAPI({ endpoint, auth: basic, version });
const byFetch = new XAPI({ endpoint, auth: basic, version, adapter: "fetch" });
const { learner, activity, registration, statement } = scene();
const status = (error) => error.response?.status;

const single = { ...statement(COMPLETED), id: randomUUID() };
const everything = BATCH + 2;
let batch = [];

async function found(query) {
  const { data } = await store.getStatements(query);
  return data.statements.map((one) => one.id);
}

const PAYLOAD = "Été ☀ : une pièce jointe";
const attachment = {
  usageType: XAPI.AttachmentUsages.SUPPORTING_MEDIA,
  display: { fr: "Pièce jointe" },
  contentType: "text/plain; charset=utf-8",
  length: Buffer.byteLength(PAYLOAD),
  sha2: createHash("sha256").update(PAYLOAD).digest("hex"),
};

// `get`, `set`, `create`, `list` and `drop` of one kind of document; what each takes besides is bound in them.
async function profile({ get, set, create, list, drop }) {
  const json = { "level": 1 };
  await set({ profile: json, matchHeader: "If-None-Match", etag: "*" });
  await refused(() => set({ profile: json, matchHeader: "If-None-Match", etag: "*" }), 412, status);
  const first = await get();
  assert.deepEqual(first.data, json);
  assert.match(first.headers.etag, /^"[0-9a-f]{40}"$/);
  await set({ profile: { level: 2 }, matchHeader: "If-Match", etag: first.headers.etag });
  await refused(
    () => set({ profile: { level: 3 }, matchHeader: "If-Match", etag: first.headers.etag }), 412, status,
  );
  await create({ profile: { note: "fusionné" } });
  const merged = await get();
  assert.deepEqual(merged.data, { level: 2, note: "fusionné" });
  assert.deepEqual((await list()).data, ["grid"]);
  await refused(() => drop({ etag: first.headers.etag }), 412, status);
  await drop({ etag: merged.headers.etag });
  await refused(get, 404, status);
}

walk(
  [
    ["about", async () => {
      const { data } = await store.getAbout();
      assert.ok(data.version.includes(version));
    }],
    ["one statement", async () => {
      const { data, headers } = await store.sendStatement({ statement: single });
      assert.deepEqual(data, [single.id]);
      assert.equal(headers["x-experience-api-version"], second ? "2.0.0" : "1.0.3");
    }],
    ["the same statement once more changes nothing", async () => {
      assert.deepEqual((await store.sendStatement({ statement: single })).data, [single.id]);
    }],
    ["another statement with the same id is refused with 409", () =>
      refused(() => store.sendStatement({ statement: { ...single, verb: ANSWERED } }), 409, status)],
    ["one statement without an id", async () => {
      const result = { score: { scaled: 0.85, raw: 17, min: 0, max: 20 }, success: true, response: "Été ☀" };
      const { data } = await store.sendStatement({ statement: statement(ANSWERED, { result }) });
      const again = await store.getStatement({ statementId: data[0] });
      assert.deepEqual(again.data.result, result);
    }],
    ["a batch", async () => {
      const statements = Array.from({ length: BATCH }, () => statement(ANSWERED));
      batch = (await store.sendStatements({ statements })).data;
      assert.equal(new Set(batch).size, BATCH);
    }],
    ["get by id", async () => {
      const { data } = await store.getStatement({ statementId: single.id });
      assert.deepEqual(data.actor, learner);
      assert.ok(data.stored && data.authority);
      assert.equal(data.version, second ? "2.0.0" : "1.0.0");
    }],
    ["an unknown id is a 404", () =>
      refused(() => store.getStatement({ statementId: randomUUID() }), 404, status)],
    ["queries: agent, verb, activity, registration, since, until, related, format, ascending", async () => {
      assert.equal((await found({ agent: learner })).length, everything);
      assert.deepEqual(await found({ agent: learner, verb: COMPLETED.id }), [single.id]);
      assert.equal((await found({ activity: activity.id })).length, everything);
      assert.equal((await found({ registration })).length, everything);
      assert.equal((await found({ activity: activity.id, related_activities: true })).length, everything);
      assert.equal((await found({ agent: learner, related_agents: true })).length, everything);
      assert.equal((await found({ agent: learner, since: "2020-01-01T00:00:00Z" })).length, everything);
      assert.deepEqual(await found({ agent: learner, until: "2020-01-01T00:00:00Z" }), []);
      for (const format of ["ids", "exact", "canonical"]) {
        assert.equal((await found({ agent: learner, format })).length, everything);
      }
      assert.deepEqual(await found({ agent: learner, ascending: true, limit: 1 }), [single.id]);
    }],
    ["`more` until the end", async () => {
      let { data } = await store.getStatements({ agent: learner, limit: 3 });
      const seen = data.statements.map((one) => one.id);
      let pages = 1;
      while (data.more) {
        ({ data } = await store.getMoreStatements({ more: data.more }));
        seen.push(...data.statements.map((one) => one.id));
        pages += 1;
      }
      assert.deepEqual([pages, seen.length, new Set(seen).size], [3, everything, everything]);
    }],
    ["voiding, then voidedStatementId", async () => {
      await store.voidStatement({ actor: learner, statementId: batch[0] });
      await store.voidStatements({ actor: learner, statementIds: [batch[1], batch[2]] });
      await refused(() => store.getStatement({ statementId: batch[0] }), 404, status);
      const { data } = await store.getVoidedStatement({ voidedStatementId: batch[0] });
      assert.equal(data.id, batch[0]);
      assert.ok(!(await found({ agent: learner })).includes(batch[1]));
    }],
    ["an attachment by its address", async () => {
      const linked = { ...attachment, fileUrl: "https://learning.example/copy.txt" };
      const { data } = await store.sendStatement({ statement: statement(ANSWERED, { attachments: [linked] }) });
      const again = await store.getStatement({ statementId: data[0] });
      assert.equal(again.data.attachments[0].fileUrl, linked.fileUrl);
    }],
    ["an attachment with its payload (adapter fetch), read back as multipart", async () => {
      const content = await new Blob([PAYLOAD]).arrayBuffer();
      const sent = statement(ANSWERED, { attachments: [attachment] });
      const { data: [id] } = await byFetch.sendStatement({ statement: sent, attachments: [content] });
      const { data: [one, payload] } = await byFetch.getStatement({ statementId: id, attachments: true });
      assert.deepEqual([one.id, payload], [id, PAYLOAD]);
      const { data: parts } = await store.getStatements({ registration, limit: 1, attachments: true });
      assert.deepEqual([parts[0].statements[0].id, parts[1]], [id, PAYLOAD]);
    }],
    ["state: set, merge, get, list, delete, clear, with a registration", async () => {
      const here = { activityId: activity.id, agent: learner, registration, stateId: "place" };
      await store.setState({ ...here, state: { page: 1 } });
      await store.createState({ ...here, state: { zoom: 2 } });
      const kept = await store.getState(here);
      assert.deepEqual(kept.data, { page: 1, zoom: 2 });
      await store.setState({ ...here, state: { page: 2 }, matchHeader: "If-Match", etag: kept.headers.etag });
      await refused(
        () => store.setState({ ...here, state: {}, matchHeader: "If-Match", etag: kept.headers.etag }),
        412, status,
      );
      assert.deepEqual((await store.getStates(here)).data, ["place"]);
      await refused(() => store.getState({ ...here, registration: undefined }), 404, status);
      await store.deleteState(here);
      await refused(() => store.getState(here), 404, status);
      await store.setState({ ...here, state: "du texte", contentType: "text/plain" });
      assert.equal((await store.getState(here)).data, "du texte");
      await store.deleteStates(here);
      assert.deepEqual((await store.getStates(here)).data, []);
    }],
    [`state without a condition over an old one: ${second ? "409" : "accepted"}`, async () => {
      const here = { activityId: activity.id, agent: learner, stateId: "again" };
      await store.setState({ ...here, state: { page: 1 } });
      const again = () => store.setState({ ...here, state: { page: 2 } });
      await (second ? refused(again, 409, status) : again());
    }],
    ["activity profile: If-None-Match, ETag, If-Match, stale 412, merge, list, delete", () => {
      const here = { activityId: activity.id, profileId: "grid" };
      return profile({
        get: () => store.getActivityProfile(here),
        set: (more) => store.setActivityProfile({ ...here, ...more }),
        create: (more) => store.createActivityProfile({ ...here, ...more }),
        list: () => store.getActivityProfiles(here),
        drop: (more) => store.deleteActivityProfile({ ...here, ...more }),
      });
    }],
    ["agent profile: If-None-Match, ETag, If-Match, stale 412, merge, list, delete", () => {
      const here = { agent: learner, profileId: "grid" };
      return profile({
        get: () => store.getAgentProfile(here),
        set: (more) => store.setAgentProfile({ ...here, ...more }),
        create: (more) => store.createAgentProfile({ ...here, ...more }),
        list: () => store.getAgentProfiles(here),
        drop: (more) => store.deleteAgentProfile({ ...here, ...more }),
      });
    }],
    ["agents", async () => {
      const { data } = await store.getAgent({ agent: learner });
      assert.deepEqual([data.objectType, data.name, data.account], ["Person", [learner.name], [learner.account]]);
    }],
    ["activities", async () => {
      assert.deepEqual((await store.getActivity({ activityId: activity.id })).data.definition, activity.definition);
    }],
    ["a wrong secret is a 401", () =>
      refused(() => new XAPI({ endpoint, auth: XAPI.toBasicAuth("no", "no"), version }).getStatements(), 401, status)],
  ],
  {
    "one statement by PUT": "it only knows POST",
    "an attachment with its payload (adapter axios)":
      "in Node, axios puts application/octet-stream in place of multipart/mixed: use the adapter fetch",
    "the status of a refusal (adapter fetch)": "its error holds the text of the answer, nothing more",
    "a binary payload": "it reads multipart answers as text, and cuts them at line ends",
    "useCacheBuster": "it adds a parameter that xAPI does not know, and a store must refuse it with 400",
  },
);
