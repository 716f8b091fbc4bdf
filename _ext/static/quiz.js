// Quizzes: choosing an answer shows its explanation and is remembered in this browser.
for (const quiz of document.querySelectorAll(".quiz")) {
  const key = `quiz:${quiz.dataset.quiz}`;
  const answers = quiz.querySelector(".quiz-answers");
  const feedback = quiz.querySelector(".quiz-feedback");
  const whys = [...answers.querySelectorAll(":scope > ol > li")];
  const inputs = [...quiz.querySelectorAll("input[type=radio]")];
  const remember = (value) => {
    try { value ? localStorage.setItem(key, value) : localStorage.removeItem(key); } catch {}
  };

  const show = (number) => {
    const why = whys[number - 1];
    if (!why) return;
    inputs.forEach((input, k) => {
      input.checked = k === number - 1;
      input.parentElement.classList.toggle("right", input.checked && why.classList.contains("right"));
      input.parentElement.classList.toggle("wrong", input.checked && why.classList.contains("wrong"));
    });
    feedback.className = `quiz-feedback ${why.className}`;
    feedback.innerHTML = why.innerHTML;
    answers.hidden = again.hidden = false;
  };
  const clear = () => {
    for (const input of inputs) {
      input.checked = false;
      input.parentElement.classList.remove("right", "wrong");
    }
    feedback.className = "quiz-feedback";
    feedback.textContent = "";
    answers.open = false;
    answers.hidden = again.hidden = true;
    remember(null);
  };

  const again = Object.assign(document.createElement("button"), { type: "button", className: "quiz-again", textContent: "다시 풀기" });
  again.addEventListener("click", () => { clear(); inputs[0].focus(); });
  answers.before(again);
  answers.hidden = again.hidden = true;
  quiz.addEventListener("change", (event) => {
    if (!inputs.includes(event.target)) return;
    show(+event.target.value);
    remember(event.target.value);
  });
  let before = null;
  try { before = localStorage.getItem(key); } catch {}
  if (before) show(+before);
}
