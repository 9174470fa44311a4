// One question in a lesson.
export default { render: question };
