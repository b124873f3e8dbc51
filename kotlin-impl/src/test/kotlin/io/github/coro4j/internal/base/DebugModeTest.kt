package io.github.coro4j.internal.base

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

class DebugModeTest {
    @Test
    fun itFollowsTheAssertionsUnlessThePropertySaysOtherwise() {
        assertTrue(DebugMode.isOn(null, areAssertionsOn = true))
        assertFalse(DebugMode.isOn(null, areAssertionsOn = false))
        assertTrue(DebugMode.isOn("true", areAssertionsOn = false))
        assertTrue(DebugMode.isOn("", areAssertionsOn = false))
        assertFalse(DebugMode.isOn(" False ", areAssertionsOn = true))
    }

    @Test
    fun anyOtherSettingIsRefusedByName() {
        val refused =
            assertThrows(IllegalStateException::class.java) {
                DebugMode.isOn("yes", areAssertionsOn = true)
            }
        assertEquals(
            "the system property coro4j.debug must be true or false, but is 'yes'",
            refused.message,
        )
    }

    @Test fun theseTestsRunInIt() = assertEquals(javaClass.desiredAssertionStatus(), DebugMode.isOn)
}
