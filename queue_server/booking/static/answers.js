// "I am coming" and "five minutes more": said without leaving the page, which would forget that it
// may ring. Without an answer from the server the form is sent as it would be without a script.

const part = (name) => document.querySelector(`[data-${name}]`);

/**
 * What may be answered, and what has been.
 * @param {{coming?: boolean, postponed?: boolean}} ticket
 */
export function renderAnswers({ coming = false, postponed = false }) {
  document.querySelector("[data-answer=coming]").hidden = coming;
  part("coming").hidden = !coming;
  part("postponable").hidden = postponed;
}

/**
 * @param {string} token of the ticket
 * @param {() => void} onAnswer the server has heard it: ask how it stands now
 */
export function mountAnswers(token, onAnswer) {
  for (const form of document.querySelectorAll("[data-answer]")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      answer(form, token, onAnswer);
    });
  }
}

async function answer(form, token, onAnswer) {
  const button = form.querySelector("button");
  button.disabled = true;
  try {
    const address = `/api/v1/tickets/${token}/${form.dataset.answer}`;
    const headers = { "Content-Type": "application/json" };
    const said = await fetch(address, { method: "POST", headers, body: "{}" });
    if (!said.ok) return form.submit();
    return onAnswer();
  } catch {
    return form.submit();
  } finally {
    button.disabled = false;
  }
}
