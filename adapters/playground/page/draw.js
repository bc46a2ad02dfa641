// Draws what the server rendered: messages, cards and mails. Data becomes text nodes only.

import { el, icon, uniqueId } from "./dom.js";

const SAFE_LINK = /^(https|mailto):/i;

/** The pieces of a sentence. */
export function drawLine(pieces) {
  return pieces.map((piece) => {
    switch (piece.kind) {
      case "text":
        return document.createTextNode(piece.text);
      case "bold":
        return el("strong", { text: piece.text });
      case "link":
        return drawLink(piece.text, piece.url);
      case "mention":
        return el("span", { class: "mention", text: piece.text });
      case "when":
        return el("time", { datetime: piece.at, text: piece.text });
      default:
        throw new Error(`unknown piece ${piece.kind}`);
    }
  });
}

function drawLink(text, url) {
  if (!SAFE_LINK.test(url)) return document.createTextNode(text);
  return el("a", { href: url, target: "_blank", rel: "noopener noreferrer", text });
}

/** A block of a card, or an item of a form that is only read. `press` is called with a button's data and element. */
export function drawBlock(block, press, texts) {
  switch (block.kind) {
    case "heading":
      return el("h3", { text: block.text });
    case "para":
      return el("p", {}, drawLine(block.content));
    case "quote":
      return el("blockquote", { text: block.text });
    case "facts":
      return el("dl", { class: "facts" }, block.rows.map((row) => [el("dt", { text: row.label }), el("dd", {}, drawLine(row.value))]).flat());
    case "chips":
      return el("ul", { class: "chips" }, block.labels.map((label) => el("li", { text: label })));
    case "note":
      return el("p", { class: `note ${block.tone}` }, block.tone === "done" ? icon("check") : null, el("span", {}, drawLine(block.content)));
    case "picture":
      return drawPicture(block, texts);
    case "file":
      return drawFile(block);
    case "divider":
      return el("hr");
    case "buttons":
      return el("div", { class: "buttons" }, block.buttons.map((button) => drawButton(button, press)));
    default:
      throw new Error(`unknown block ${block.kind}`);
  }
}

/** Pictures lie elsewhere on the net, and this page asks nobody but its own server: a link stands for the picture. */
function drawPicture(block, texts) {
  const link = drawLink(texts["picture.open"], block.url);
  return el("figure", { class: "picture" }, icon("picture"), el("figcaption", {}, block.alt, " ", link));
}

/** A file's bytes, of the base64 text in which they came. */
function unpack(text) {
  return Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
}

/** A file to keep: made here, of what came with the message, when it is asked for. */
function drawFile(file) {
  const link = el("a", { href: "#", class: "file", download: file.name }, icon("file"), el("span", { text: file.label }));
  link.addEventListener("click", () => {
    const url = URL.createObjectURL(new Blob([file.packed ? unpack(file.text) : file.text], { type: file.media_type }));
    link.href = url;
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
  });
  return el("p", {}, link);
}

function drawButton(button, press) {
  const style = button.style === "default" ? "" : button.style;
  const node = el("button", { type: "button", class: `button ${style}`, text: button.label, "data-opens": button.opens });
  node.addEventListener("click", () => press(button, node));
  return node;
}

/** A rendered message as a card. */
export function drawCard(message, press, texts) {
  const plain = message.blocks.length === 1 && message.blocks[0].kind === "para";
  const card = el("div", { class: plain ? "card plain" : "card", lang: message.lang });
  card.append(...message.blocks.map((block) => drawBlock(block, press, texts)));
  return card;
}

/** A mail: who, to whom, what; the mail's own page stands in a frame in which no script runs. */
export function drawMail(message, person, texts) {
  const { subject, to, text, html } = message.body;
  const heading = el("h3", { id: uniqueId("mail"), text: subject });
  const head = el("dl", { class: "facts mail-head" }, el("dt", { text: texts["mail.from"] }), el("dd", { text: "Musubi" }), el("dt", { text: texts["mail.to"] }), el("dd", { text: to }));
  const files = (message.body.files ?? []).map(drawFile);
  const plain = el("div", { class: "mail-text", text });
  if (!html) return el("div", { class: "card mail" }, heading, head, plain, files);
  const frame = drawFrame(message.id, person, subject);
  const asText = el("details", { class: "mail-plain" }, el("summary", { text: texts["mail.plain"] }), plain);
  return el("div", { class: "card mail" }, heading, head, frame, files, asText);
}

function drawFrame(id, person, title) {
  const frame = el("iframe", {
    src: `/playground/mails/${id}?person=${encodeURIComponent(person)}`,
    sandbox: "allow-same-origin allow-popups allow-popups-to-escape-sandbox", title, class: "mail-page",
  });
  const fit = () => {
    const page = frame.contentDocument?.documentElement;
    if (page) frame.style.blockSize = `${page.scrollHeight}px`;
  };
  frame.addEventListener("load", () => {
    fit();
    new ResizeObserver(fit).observe(frame);
  });
  return frame;
}
