// Administration: the order of choices by drag or keyboard, the way back to a form.
