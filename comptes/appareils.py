"""A device, named from what its browser says of itself: « Firefox sous Windows »."""

# The first word found wins: nearly every browser claims to be those below it.
NAVIGATEURS = {"Edg": "Edge", "OPR": "Opera", "Firefox": "Firefox", "Chrome": "Chrome", "Safari": "Safari"}
SYSTEMES = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS": "macOS",
    "Linux": "Linux",
}


def nommer(agent: str) -> str:
    navigateur = next((nom for mot, nom in NAVIGATEURS.items() if mot in agent), "")
    systeme = next((nom for mot, nom in SYSTEMES.items() if mot in agent), "")
    if navigateur and systeme:
        return f"{navigateur} sous {systeme}"
    return navigateur or systeme or agent or "Navigateur inconnu"
