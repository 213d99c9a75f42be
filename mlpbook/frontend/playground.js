// TrainingPlayground: a network that trains while one looks on, with data, shape and settings to change at any time.

import { h, magnitude, set } from "./dom.js";
import { explorable } from "./explorable.js";
import { gridOver, view } from "./playground_data.js";
import { curves } from "./playground_curves.js";
import { network, MAP_SIZE } from "./playground_network.js";
import { onTheme, palette } from "./playground_paint.js";
import { pens } from "./playground_pens.js";
import { plane } from "./playground_plane.js";
import { Session } from "./playground_session.js";
import { settings } from "./playground_settings.js";
import { dataWords, learningWords, networkWords, notes, playgroundCode, probeWords, rightWords, trainCode, words } from "./playground_words.js";

const FRAME = 9; // ms of each frame for training; the rest is for drawing
const SLOW = 100, CALM = 500; // ms between two drawings of what need not move at every frame; of anything, where motion is unwelcome
const TELL = 1000; // ms between two descriptions in words
const SPEEDS = [["10", 10], ["60", 60], ["600", 600], ["full", Infinity]]; // epochs a second

// Two views of one playground show one training. (In Jupyter each view has a model object of its own: the key tells.)
const sessions = new Map();

const legendOf = ({ data, test, classes }) => [
  data.k === 2 ? "Discs: where the network sends the points. Hollow squares: where they should go." : classes ? "" : "Discs: targets above the middle; squares: below.",
  test && data.k !== 2 ? "Hollow marks are points to test on." : ""].filter(Boolean).join(" ");

export default explorable((ui) => {
  const { get, change, spec } = ui;
  const shared = sessions.get(spec.key) ?? { views: new Set() };
  sessions.set(spec.key, shared);
  shared.session ??= new Session(spec, get);
  shared.session.get = get;
  const session = shared.session;
  const hidden = (name) => get("hidden").includes(name), locked = (name) => get("locked").includes(name);
  const calm = matchMedia("(prefers-reduced-motion: reduce)");

  // --- pictures
  const probe = () => get("probe"), still = locked("probe") || hidden("probe");
  const pen = pens(ui, { session, probe, hidden: hidden("drawn"), locked: locked("drawn"),
    set: (patch) => (get("preset") === spec.drawnName ? change(patch) : changeAnew(patch)) });
  const field = plane(ui, { probe, locked: still, hidden: hidden("probe"), setProbe: (probe) => change({ probe }), onEnter: () => pen.add(probe()),
    onTap: (x, put) => pen.add(x) || still || put(x) });
  const loss = curves(ui.narrow);
  const net = network(ui, { narrow: ui.narrow, widths: () => get("widths"), limit: spec.limits.widths, locked: locked("widths"), hidden: hidden("widths"),
    change: (widths) => changeAnew({ widths }) });
  let colours = null, coarse, settled;

  // --- what runs
  const button = (text, click, name = text.toLowerCase()) => {
    const made = h("button", { type: "button", disabled: locked(name), hidden: hidden(name) }, text);
    made.addEventListener("click", click);
    return made;
  };
  const running = () => Boolean(shared.runner);
  const runButton = button("Run", () => (running() ? pause() : start()), "run");
  runButton.classList.add("mb-primary");
  const stepButton = button("Step", () => by(() => session.step()), "step");
  const epochButton = button("1 epoch", () => by(() => session.run(1)), "step");
  const tenButton = button("10 epochs", () => by(() => session.run(10, 2000)), "step");
  const restartButton = button("Restart", () => restart(), "restart");
  const speedButtons = SPEEDS.map(([text], i) => button(text, () => (shared.speed = i, all()), "speed"));
  shared.speed ??= 1;
  const readout = h("p", { class: "mb-readout mb-status" }), detail = h("p", { class: "mb-readout" });
  const setting = h("p", { class: "mb-readout mb-note" });

  /** The training, one frame of it. Whichever view began it keeps it going. */
  let last = 0, owed = 0, saved = 0, told = 0, asked = 0;
  /** One frame is under way at a time, however quickly Run and Pause follow one another. */
  function ask() {
    cancelAnimationFrame(asked);
    asked = requestAnimationFrame(frame);
  }
  function frame(time) {
    if (shared.runner !== frame) return;
    const most = SPEEDS[shared.speed][1];
    owed = most === Infinity ? Infinity : Math.min(owed + (most * Math.min(250, time - last)) / 1000, Math.max(1, most / 5));
    last = time;
    if (owed >= 1) {
      const done = session.run(Math.floor(owed), FRAME);
      owed = most === Infinity ? 0 : owed - done;
    }
    if (session.halted) return pause();
    const due = time - saved >= (calm.matches ? CALM : SLOW);
    if (due) saved = time, publish();
    if (time - told >= TELL) told = time, all();
    else for (const each of shared.views) each.show(due);
    ask();
  }
  function start() {
    if (session.blocked) return;
    if (session.halted) session.begin(); // it has diverged: once more, with what has been changed
    shared.runner = frame;
    change({ running: true });
    [last, owed, saved, told] = [performance.now(), 1, 0, performance.now()];
    ask();
    all();
  }
  function pause() {
    shared.runner = null;
    change({ running: false });
    publish();
    all();
  }
  const publish = () => {
    const progress = session.progress();
    if (progress || get("progress")) change({ progress });
  };
  const all = () => shared.views.forEach((each) => each.refresh());
  function by(act) {
    if (session.blocked) return;
    if (session.halted) session.begin();
    shared.runner = null;
    act();
    change({ running: false });
    publish();
    all();
  }
  function restart() {
    shared.runner = null;
    session.begin();
    change({ running: false });
    publish();
    all();
  }
  /** A change after which the training begins anew: what Python knows of the old one goes with it. */
  function changeAnew(patch) {
    change(get("progress") ? { ...patch, progress: null } : patch);
  }

  // --- words beside the pictures
  function tell() {
    const { moved, epoch, loss: now, first, testLoss, task, stopped } = session;
    const value = moved ? now : first;
    readout.textContent = session.blocked ? notes(get, task).at(-1) ?? dataWords(spec, get, task)
      : [`epoch ${epoch}`, value === null ? "" : `loss ${magnitude(value)}`, testLoss === null ? "" : `test ${magnitude(testLoss)}`].filter(Boolean).join(" · ") + (stopped ? ` · ${stopped}` : "");
    const grown = moved && !stopped && first > 0 && now > 100 * first ? ` The loss is ${magnitude(now / first)} times what it was at the start: the learning rate is too high.` : "";
    setting.textContent = [dataWords(spec, get, task), networkWords(get, task), ...notes(get, task), learningWords(spec, get, task)].join(" ");
    detail.textContent = `${rightWords(session)}${grown} ${probeWords(session, get("probe"))}`.trim();
  }

  const mine = {
    /** While it runs: the plane at every frame, the rest now and then. */
    show(due) {
      if (calm.matches && !due) return;
      field.draw(session, colours);
      if (!due) return;
      net.draw(session, coarse, colours);
      loss.draw(session);
      tell();
    },
    refresh: () => ui.refresh(),
  };
  shared.views.add(mine);

  const panel = settings(ui, { session, changeAnew, hidden, locked });
  const recolour = () => {
    colours = palette(root);
    settled = null;
    ui.refresh();
  };
  const endTheme = onTheme(recolour);
  let gone = false;
  function arrive() {
    if (root.isConnected) recolour();
    else if (!gone) requestAnimationFrame(arrive);
  }
  const legend = h("p", { class: "mb-note mb-legend" });
  const root = h("div", { class: "mb-play" });
  const runRow = h("div", { class: "mb-run" }, runButton, stepButton, epochButton, tenButton, restartButton);
  const speedRow = h("div", { class: "mb-speed", role: "group", "aria-label": "Epochs a second", hidden: hidden("speed") },
    h("span", {}, "epochs a second"), ...speedButtons);
  root.append(
    h("div", { class: "mb-panels mb-top" },
      h("div", { class: "mb-panel" }, panel.data, field.node, legend, pen.node),
      h("div", { class: "mb-panel" }, runRow, speedRow, readout, panel.rate, loss.node)),
    detail, net.node, panel.node, setting);
  const inView = new IntersectionObserver(([{ isIntersecting }]) => isIntersecting || (shared.runner === frame && pause()));
  inView.observe(root);
  const onHidden = () => document.hidden && shared.runner === frame && pause();
  document.addEventListener("visibilitychange", onHidden);
  const follow = () => { // Python may say so too
    if (get("running") && !running()) start();
    else if (!get("running") && shared.runner === frame) pause();
    ui.refresh();
  };
  ui.on("change:running", follow);
  if (get("running")) queueMicrotask(follow);

  return {
    picture: root,
    prepare: () => session.read(),
    draw() {
      if (root.isConnected) colours = palette(root);
      else requestAnimationFrame(arrive); // not on the page yet, it has no colours
      const seen = view(spec, get, session.task, session.sent);
      const key = JSON.stringify([get("preset"), get("drawn"), session.task.outputs, seen, colours]);
      if (key !== settled) {
        settled = key;
        field.settle(session, colours);
        coarse = gridOver(seen, MAP_SIZE);
      }
      field.draw(session, colours);
      net.draw(session, coarse, colours);
      loss.draw(session);
      tell();
      panel.draw();
      pen.draw();
      legend.textContent = legendOf(session.task);
      runButton.textContent = running() ? "Pause" : "Run";
      for (const each of [runButton, stepButton, epochButton, tenButton]) set(each, { "aria-disabled": session.blocked ? "true" : null });
      epochButton.hidden = hidden("step") || session.trainer.full;
      speedButtons.forEach((each, i) => each.setAttribute("aria-pressed", String(i === shared.speed)));
      field.say(probeWords(session, get("probe")));
    },
    describe: () => words(session),
    say: () => `epoch ${session.epoch}, loss ${magnitude(session.loss ?? session.first ?? 0)}${session.testLoss === null ? "" : ` (test ${magnitude(session.testLoss)})`}${session.stopped && `. ${session.stopped}`}`,
    reset() {
      pen.drop();
      shared.speed = 1;
      restart();
    },
    python: () => playgroundCode(spec, get),
    more: [["Copy mb.train", () => trainCode(session)]],
    leave() {
      gone = true;
      if (shared.runner === frame) pause();
      shared.views.delete(mine);
      endTheme();
      inView.disconnect();
      document.removeEventListener("visibilitychange", onHidden);
    },
  };
});
