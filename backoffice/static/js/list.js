// Lists: chips that open in place, rows by keyboard, the selection and its bar.
