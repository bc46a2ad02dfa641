// What the workspace last said about one person's side.

/** A person's conversations, messages and home page, put together from whole answers and later changes. */
export class View {
  constructor() {
    this.seq = 0;
    this.joined = false;
    this.standing = "";
    this.conversations = [];
    this.messages = new Map();
    this.home = null;
    this.complete = new Set();
    this.sorted = new Map();
  }

  /** Takes in an answer; `conversation` is complete when there is nothing earlier. */
  merge(answer, conversation = "", complete = false) {
    for (const name of ["seq", "joined", "standing", "conversations"]) if (name in answer) this[name] = answer[name];
    if (answer.home) this.home = answer.home;
    for (const message of answer.messages) {
      if (!this.messages.has(message.conversation)) this.messages.set(message.conversation, new Map());
      this.messages.get(message.conversation).set(message.id, message);
      this.sorted.delete(message.conversation);
    }
    if (complete) this.complete.add(conversation);
  }

  /** A conversation's messages, the oldest first. */
  list(conversation) {
    if (!this.sorted.has(conversation)) {
      const all = [...(this.messages.get(conversation)?.values() ?? [])];
      this.sorted.set(conversation, all.sort((a, b) => a.id - b.id));
    }
    return this.sorted.get(conversation);
  }
}
