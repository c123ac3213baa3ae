"""What a learner reads: the frozen lessons of the version that the enrolment is bound to."""
