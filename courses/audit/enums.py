"""The chains, and the closed vocabulary of audited actions."""

from django.db.models import TextChoices


class Chain(TextChoices):
    """One chain for each domain, so that juries never wait for invoices."""

    JURY = "jury", "Jurys et décisions"
    MONEY = "money", "Argent public"
    ACCESS = "access", "Accès et personnes"
    CONTENT = "content", "Formation et contenus"


ACTIONS: dict[str, Chain] = {
    # people and posts
    "people.user.create": Chain.ACCESS,
    "people.organisation.create": Chain.ACCESS,
    "people.membership.grant": Chain.ACCESS,
    "people.membership.end": Chain.ACCESS,
    "people.adviser.create": Chain.ACCESS,
    "people.committee.record": Chain.ACCESS,
    "people.post.reserve": Chain.ACCESS,
    "people.post.attach": Chain.ACCESS,
    "people.post.assign": Chain.ACCESS,
    "people.post.release": Chain.ACCESS,
    "xapi.key.create": Chain.ACCESS,
    "xapi.key.revoke": Chain.ACCESS,
    "xapi.statement.void": Chain.CONTENT,
    "xapi.statement.erase": Chain.ACCESS,
    "xapi.store.create": Chain.ACCESS,
    "xapi.store.update": Chain.ACCESS,
    "xapi.store.start": Chain.ACCESS,
    "xapi.store.stop": Chain.ACCESS,
    "xapi.store.replay": Chain.ACCESS,
    "xapi.store.drop": Chain.ACCESS,
    "xapi.quarantine.attach": Chain.ACCESS,
    "xapi.quarantine.ignore": Chain.ACCESS,
    "xapi.quarantine.reopen": Chain.ACCESS,
    "people.accommodation.declare": Chain.ACCESS,
    "people.accommodation.end": Chain.ACCESS,
    "people.share.create": Chain.ACCESS,
    "people.share.revoke": Chain.ACCESS,
    "walls.lower": Chain.ACCESS,
    # training
    "catalogue.session.open": Chain.CONTENT,
    "catalogue.session.register": Chain.CONTENT,
    "pathways.path.publish": Chain.CONTENT,
    "pathways.version.offer": Chain.CONTENT,
    "pathways.version.adopt": Chain.CONTENT,
    "pathways.enrolment.create": Chain.CONTENT,
    "content.space.open": Chain.CONTENT,
    "content.page.publish": Chain.CONTENT,
    "content.path.import": Chain.CONTENT,
    "assessment.quiz.freeze": Chain.CONTENT,
    "assessment.attempt.grade": Chain.CONTENT,
    "attendance.sheet.open": Chain.CONTENT,
    "attendance.sheet.sign": Chain.CONTENT,
    "attendance.sheet.mark": Chain.CONTENT,
    "attendance.sheet.close": Chain.CONTENT,
    "attendance.placement.attest": Chain.CONTENT,
    "completion.certificate.issue": Chain.CONTENT,
    # rights and certification
    "programme.right.decide": Chain.JURY,
    "candidacies.candidacy.open": Chain.JURY,
    "candidacies.pix.record": Chain.JURY,
    "juries.session.open": Chain.JURY,
    "juries.member.appoint": Chain.JURY,
    "juries.conflict.declare": Chain.JURY,
    "juries.sitting.summon": Chain.JURY,
    "juries.opinion.give": Chain.JURY,
    "juries.decision.sign": Chain.JURY,
    "juries.decision.correct": Chain.JURY,
    "juries.report.close": Chain.JURY,
    "juries.report.validate": Chain.JURY,
    "credentials.credential.issue": Chain.JURY,
    "credentials.credential.revoke": Chain.JURY,
    # money
    "funding.subsidy.grant": Chain.MONEY,
    "funding.contract.record": Chain.MONEY,
    "funding.envelope.record": Chain.MONEY,
    "funding.price.set": Chain.MONEY,
    "funding.order.record": Chain.MONEY,
    "funding.ledger.reverse": Chain.MONEY,
    "funding.claim.build": Chain.MONEY,
    "funding.claim.submit": Chain.MONEY,
    "funding.claim.return": Chain.MONEY,
    "funding.claim.certify": Chain.MONEY,
    "funding.claim.pay": Chain.MONEY,
    "funding.claim.cancel": Chain.MONEY,
    "reporting.pack.make": Chain.ACCESS,
    "reporting.statements.export": Chain.ACCESS,
}
