import { Announcer } from "./announcer.js";
import { Answer } from "./answer.js";
import { call, request } from "./api.js";
import { Composer } from "./composer.js";
import { make } from "./dom.js";
import { pageFacts } from "./facts.js";
import { draft } from "./memory.js";
import { Problem, SessionEnded, Unreachable, explain } from "./problem.js";
import { RunFollower } from "./run-follower.js";
import { Transcript } from "./transcript.js";

/**
 * The conversation: its messages, the run that answers, and the field for the next message.
 * Sends `conversation-opened` (detail: id or null), `conversations-changed` and `todos-changed`.
 */
export class ChatPanel extends HTMLElement {
  #facts = pageFacts();
  #announcer = new Announcer();
  #transcript = new Transcript();
  #composer = new Composer({ onSend: (text) => this.#send(text), onStop: () => this.#stop(), note: this.#facts.note });

  #conversation = null;
  #opening = null;
  #follower = null;
  #answer = null;
  #view = null;
  #question = null;
  #reconnect = null;
  #isStopping = false;
  #frame = null;

  connectedCallback() {
    if (this.firstChild !== null) return;
    this.append(make("section", { "aria-label": "Chat" }, make("h2", { class: "visually-hidden", text: "Chat" }),
      this.#transcript.element, this.#composer.element, this.#announcer.element));
    this.#clear();
    this.#showState();
    this.#composer.text = draft.read() ?? "";
  }

  disconnectedCallback() {
    this.#leave();
  }

  get conversation() {
    return this.#conversation;
  }

  focusField() {
    this.#composer.focus();
  }

  /** An empty conversation; it gets an id with its first message. */
  fresh() {
    this.#leave();
    this.#setConversation(null);
    this.#clear();
    this.#composer.say("");
    this.#composer.focus();
  }

  /** Shows a stored conversation and goes on with its active run. Resolves to false when it is not there any more. */
  async open(id) {
    this.#leave();
    const { signal } = this.#opening = new AbortController();
    try {
      const conversation = await call("GET", `/api/conversations/${encodeURIComponent(id)}`, { signal });
      this.#setConversation(conversation.id);
      this.#composer.say("");
      this.#show(conversation);
    } catch (error) {
      if (signal.aborted || error instanceof SessionEnded) return true;
      if (error.status === 404) return false;
      this.#composer.say(`The conversation could not be opened. ${explain(error)}`, { label: "Try again", run: () => this.open(id) });
    }
    return true;
  }

  /** Goes on after the person has signed in again: the text in the field is still there. */
  resume() {
    this.#composer.say("");
    if (this.#follower === null && this.#conversation !== null) this.open(this.#conversation);
    this.#composer.focus();
  }

  #show({ messages, active_run: run }) {
    this.#clear();
    for (const message of messages) {
      // What gave way to another message is no part of the conversation as it is now.
      if (message.status === "superseded") continue;
      if (message.role === "user") this.#ask(message.text).messageID = message.id;
      // The active run is shown from its own events, from the first one on.
      else if (message.run_id !== run?.id) {
        this.#view = this.#addAnswer(Answer.stored(message));
        this.#view.note();
      }
    }
    if (!run && this.#question !== null) this.#offerAgain();
    if (run) this.#start(new RunFollower({ runID: run.id }));
    this.#transcript.scrollToEnd();
  }

  #clear() {
    this.#question = this.#view = null;
    this.#transcript.clear(this.#facts.starters, (text) => this.#send(text, false));
  }

  #ask(text) {
    const question = this.#question = this.#transcript.addQuestion(text, (edited) => this.#replace(question, "edit", edited));
    return question;
  }

  /** Lets the person ask for another answer to the last message. */
  #offerAgain() {
    const question = this.#question;
    this.#view?.offer({ label: "Try again", icon: "again", run: () => this.#replace(question, "retry", question.text) });
  }

  /** Another message, or the same again, in place of one: that and all that came after it give way. */
  #replace(question, verb, text) {
    if (this.#follower !== null) return this.#composer.say("The assistant is still answering. Wait for it, or stop it.");
    if (question.messageID === null || this.#conversation === null) return;
    const id = this.#conversation;
    const body = { message_id: question.messageID };
    if (verb === "edit") body.message = text;
    this.#composer.say("");
    this.#transcript.removeFrom(question.element);
    this.#ask(text);
    this.#start(new RunFollower({ path: `/api/conversations/${encodeURIComponent(id)}/${verb}`, body }), async (error) => {
      await this.open(id);
      this.#composer.say(explain(error));
    });
    this.#transcript.scrollToEnd();
  }

  #addAnswer(answer) {
    return this.#transcript.addAnswer(answer, (asked, choice) => this.#decide(asked, choice));
  }

  // A message and the run that answers it

  #send(text, isTyped = true) {
    if (this.#reconnect !== null) return this.#reconnect();
    if (this.#follower !== null) return;
    if (isTyped) this.#composer.text = "";
    this.#composer.say("");
    const question = this.#ask(text);
    const body = { message: text, time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone };
    if (this.#conversation !== null) body.conversation_id = this.#conversation;
    this.#start(new RunFollower({ path: "/api/chat", body }), (error) => this.#takeBack(question.element, text, error));
    this.#transcript.scrollToEnd();
    this.#composer.focus();
  }

  /** Shows a run in a new answer. `onRefused` is told why the server did not start it. */
  #start(follower, onRefused = (error) => this.#composer.say(explain(error))) {
    // What an earlier answer offered is too late now.
    for (const button of this.querySelectorAll(".foot button")) button.remove();
    this.#follower = follower;
    this.#answer = new Answer();
    this.#view = this.#addAnswer(this.#answer);
    this.#announcer.begin();
    this.#run(onRefused);
  }

  async #run(onRefused) {
    const follower = this.#follower;
    this.#reconnect = null;
    this.#showState();
    try {
      await follower.follow((event) => this.#onEvent(event), (wait) => {
        this.#composer.say(wait === null ? "" : `The connection was lost. Trying again in ${wait / 1000} s\u2026`);
      });
      if (!follower.hasLeft) this.#onPause();
    } catch (error) {
      if (!follower.hasLeft) this.#onFailure(error, onRefused);
    }
  }

  #onEvent(event) {
    const answer = this.#answer;
    answer.apply(event);
    if (event.type === "start") {
      this.#setConversation(event.conversation_id);
      this.#question.messageID = event.message_id;
      this.#changed("conversations-changed");
      if (this.#isStopping) this.#stop();
    }
    if (event.type === "tool_call") this.#announcer.follow(answer.text, true);
    if (event.type === "tool_result" && answer.call(event.call_id)?.name.includes("todo")) this.#changed("todos-changed");
    this.#frame ??= requestAnimationFrame(() => this.#draw());
  }

  /** The stream ended as it should: the run is over, or it waits for the person. */
  #onPause() {
    const { status, text, failure } = this.#answer;
    this.#draw();
    this.#announcer.follow(text, true);
    if (status === "waiting") return this.#announcer.say("The assistant needs your decision.");
    const question = this.#question;
    this.#note(failure?.message, failure?.retry ? { label: "Try again", run: () => this.#retry(question) } : null);
    if (!failure?.retry) this.#offerAgain();
    this.#finish();
    this.#changed("todos-changed");
    this.#changed("conversations-changed");
  }

  #onFailure(error, onRefused) {
    const view = this.#view;
    if (error instanceof Unreachable) {
      this.#reconnect = () => {
        this.#note("");
        view.update();
        this.#run(onRefused);
      };
      view.element.dataset.status = "lost";
      this.#note("The connection was lost, and the server cannot be reached.", { label: "Try again", run: () => this.#reconnect?.() });
      this.#composer.say("");
      return this.#showState();
    }
    const hasStarted = this.#follower.runID !== null;
    this.#finish();
    if (!hasStarted) {
      view.element.remove();
      return onRefused(error);
    }
    this.#answer.status = "partial";
    view.update();
    this.#note(explain(error), { label: "Show what is stored", run: () => this.open(this.#conversation) });
  }

  /** The message never became a run: it goes back to where it can be sent from. */
  #takeBack(question, text, error) {
    question.remove();
    this.#composer.text = [text, this.#composer.text].filter(Boolean).join("\n");
    if (this.#transcript.isEmpty) this.#clear();
    if (error.status === 409) return this.#join();
    if (error.status !== 404) return this.#composer.say(explain(error));
    this.fresh();
    this.#composer.say("That conversation is not there any more. Your message is kept; sending it starts a new one.");
  }

  /** Another tab or program is already talking in this conversation. */
  async #join() {
    await this.open(this.#conversation);
    this.#composer.say("The assistant is still answering an earlier message. Yours is kept here; send it when the answer is done.");
  }

  /** Lets the server go on with the run, so that nothing is done twice; where it cannot, the message is sent again. */
  #retry(question) {
    if (this.#follower !== null || this.#conversation === null) return;
    const failed = this.#view;
    failed.note("");
    failed.element.hidden = true;
    const path = `/api/conversations/${encodeURIComponent(this.#conversation)}/retry`;
    this.#start(new RunFollower({ path, body: {} }), (error) => {
      if (error instanceof Problem && [404, 405].includes(error.status)) return this.#send(question.text, false);
      failed.element.hidden = false;
      failed.note(explain(error), { label: "Try again", run: () => this.#retry(question) });
    });
    this.#transcript.scrollToEnd();
  }

  async #stop() {
    const follower = this.#follower;
    this.#isStopping = true;
    this.#showState();
    // Before the first event the run has no name to stop it by.
    if (follower === null || follower.runID === null) return;
    try {
      await this.#tell("stop");
      if (this.#follower === follower) this.#goOn();
    } catch (error) {
      if (this.#follower !== follower) return;
      this.#isStopping = false;
      this.#showState();
      this.#composer.say(`The answer could not be stopped. ${explain(error)}`);
    }
  }

  async #decide(asked, choice) {
    try {
      await this.#tell("approvals", { call_id: asked.call_id, ...choice });
    } catch (error) {
      this.#composer.say(explain(error));
      // Decided in another tab, or stopped: what came of it is there to be read.
      if (error.status === 409) this.#goOn();
      return;
    }
    this.#composer.say("");
    asked.decision = choice.decision;
    if (choice.always) this.#answer.decideLike(asked);
    this.#view.update();
    if (this.#answer.isDecided) this.#goOn();
  }

  #tell(verb, body) {
    return request("POST", `/api/runs/${encodeURIComponent(this.#follower.runID)}/${verb}`, { body });
  }

  /** Reads on after a wait for the person. */
  #goOn() {
    if (this.#answer.status !== "waiting") return;
    this.#answer.status = "streaming";
    this.#view.update();
    this.#run(() => {});
  }

  #leave() {
    this.#opening?.abort();
    this.#follower?.leave();
    this.#finish();
    this.#announcer.begin();
  }

  #finish() {
    this.#follower = this.#reconnect = null;
    this.#isStopping = false;
    cancelAnimationFrame(this.#frame);
    this.#frame = null;
    this.#showState();
  }

  #draw() {
    cancelAnimationFrame(this.#frame);
    this.#frame = null;
    this.#view.update();
    this.#announcer.follow(this.#answer.text);
    this.#transcript.follow();
  }

  /** A sentence below the answer, seen and heard. */
  #note(text, action) {
    this.#view.note(text, action);
    this.#announcer.say(text ?? "");
    this.#transcript.follow();
  }

  #showState() {
    this.#composer.show({ isBusy: this.#follower !== null && this.#reconnect === null, isStopping: this.#isStopping });
  }

  #setConversation(id) {
    if (this.#conversation === id) return;
    this.#conversation = id;
    this.dispatchEvent(new CustomEvent("conversation-opened", { detail: id }));
  }

  #changed(name) {
    this.dispatchEvent(new Event(name));
  }
}
