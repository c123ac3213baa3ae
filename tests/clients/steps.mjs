// What the three Node clients share: where they are installed, whom they write about, one line a step.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { createRequire } from "node:module";
import path from "node:path";

const folder = path.resolve(process.env.XAPI_NODE_CLIENTS ?? ".");

/** A client, from the folder that XAPI_NODE_CLIENTS names (by default the current one). */
export const client = createRequire(path.join(folder, "package.json"));

/** The address of the store, with its last slash, and the key. */
export const endpoint = `${needed("XAPI_ENDPOINT").replace(/\/$/, "")}/`;
export const key = needed("XAPI_KEY");
export const secret = needed("XAPI_SECRET");
export const basic = `Basic ${Buffer.from(`${key}:${secret}`).toString("base64")}`;

export const BATCH = 7;
export const VOIDED = "http://adlnet.gov/expapi/verbs/voided";
export const COMPLETED = { id: "http://adlnet.gov/expapi/verbs/completed", display: { fr: "a achevé" } };
export const ANSWERED = { id: "http://adlnet.gov/expapi/verbs/answered", display: { fr: "a répondu" } };

/** A learner, an activity and a registration of its own for each run: runs never meet. */
export function scene() {
  const run = randomUUID();
  const home = "https://learning.example";
  const learner = { objectType: "Agent", name: "Léa Essai", account: { homePage: home, name: run } };
  const activity = {
    objectType: "Activity",
    id: `${home}/activities/${run}`,
    definition: { name: { fr: "Leçon d’essai" }, description: { fr: "Brève." } },
  };
  const registration = randomUUID();
  const statement = (verb, more = {}) => ({
    actor: learner,
    verb,
    object: activity,
    context: { registration },
    timestamp: new Date().toISOString(),
    ...more,
  });
  return { learner, activity, registration, statement };
}

/** Run the steps in turn, each `[name, function]`; a failure does not keep the next ones from running. */
export async function walk(steps, notByThisClient) {
  let failed = 0;
  for (const [name, act] of steps) {
    try {
      await act();
      console.log(`ok      ${name}`);
    } catch (fault) {
      failed += 1;
      console.log(`failed  ${name}: ${told(fault)}`);
    }
  }
  for (const [name, reason] of Object.entries(notByThisClient)) {
    console.log(`client  ${name}: ${reason}`);
  }
  process.exit(failed ? 1 : 0);
}

/** The call must fail, and `says(error)` must be what is wanted. */
export async function refused(call, wanted, says) {
  let fault;
  try {
    await call();
  } catch (error) {
    fault = error;
  }
  assert.ok(fault, `nothing was refused; ${wanted} was wanted`);
  assert.equal(says(fault), wanted, told(fault));
}

function told(fault) {
  const answer = fault?.response?.data;
  const text = answer ? `${fault.response.status} ${JSON.stringify(answer)}` : String(fault?.message ?? fault);
  return text.replaceAll(/\s*\n\s*/g, " ");
}

function needed(name) {
  const value = process.env[name];
  if (!value) {
    console.log(`failed  ${name} is not set`);
    process.exit(1);
  }
  return value;
}
